package org.plenum.bench.report;

import java.util.List;

/// A report as one HTML file that needs nothing from elsewhere, light or dark as the reader has it.
public final class Page {
  private static final String STYLE =
      """
      :root { color-scheme: light dark; --paper: #fff; --ink: #1d1f23; --pale: #62666d;
        --line: #dfe1e5; --band: #eef2f8; --s0: #2a6fc9; --s1: #c9571f; --s2: #14875d;
        --good: #14763f; --bad: #b3261e; }
      @media (prefers-color-scheme: dark) { :root { --paper: #16181c; --ink: #e6e7ea;
        --pale: #a0a4ab; --line: #33363c; --band: #20252e; --s0: #6aa5f0; --s1: #ee8a55;
        --s2: #4cc397; --good: #5fce8f; --bad: #ff8a80; } }
      body { font: 15px/1.45 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto;
        padding: 0 1rem; background: var(--paper); color: var(--ink); }
      h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
      p { color: var(--pale); }
      table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
      th, td { text-align: left; padding: .25rem .9rem .25rem 0; vertical-align: top;
        border-bottom: 1px solid var(--line); }
      th { font-weight: 600; color: var(--pale); }
      .met { color: var(--good); } .missed { color: var(--bad); font-weight: 600; }
      figure { margin: 1.4rem 0; } figcaption { font-weight: 600; }
      svg { display: block; width: 100%; height: auto; }
      .key { font-weight: 400; margin-left: 1rem; color: var(--ink); }
      .key::before { content: ""; display: inline-block; width: .9rem; height: .2rem;
        margin-right: .35rem; vertical-align: middle; background: var(--key); }
      .s0 { --key: var(--s0); } .s1 { --key: var(--s1); } .s2 { --key: var(--s2); }
      .drawn { fill: none; stroke: var(--key); stroke-width: 1.7; stroke-linejoin: round; }
      .grid { stroke: var(--line); } .band { fill: var(--band); }
      .hint { fill: transparent; } .hint:hover { fill: var(--pale); fill-opacity: .15; }
      svg text { fill: var(--pale); font-size: 11px; }
      .x { text-anchor: middle; } .y { text-anchor: end; }
      """;

  private final StringBuilder html = new StringBuilder();

  public Page(String title) {
    html.append("<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n")
        .append("<meta name=\"viewport\" content=\"width=device-width\">\n")
        .append("<title>" + escaped(title) + "</title>\n<style>\n" + STYLE + "</style>\n")
        .append("<h1>" + escaped(title) + "</h1>\n");
  }

  public Page heading(String text) {
    html.append("<h2>" + escaped(text) + "</h2>\n");
    return this;
  }

  public Page paragraph(String text) {
    html.append("<p>" + escaped(text) + "</p>\n");
    return this;
  }

  public Page plot(Plot plot) {
    html.append(plot.html());
    return this;
  }

  /// A table; cells that say `met` or `missed` are coloured.
  ///
  /// @param head empty: none
  public Page table(List<String> head, List<List<String>> rows) {
    html.append("<table>\n");
    if (!head.isEmpty()) {
      html.append("<tr>");
      head.forEach(cell -> html.append("<th>" + escaped(cell) + "</th>"));
      html.append("</tr>\n");
    }
    for (List<String> row : rows) {
      html.append("<tr>");
      row.forEach(this::cell);
      html.append("</tr>\n");
    }
    html.append("</table>\n");
    return this;
  }

  private void cell(String text) {
    boolean verdict = text.equals("met") || text.equals("missed");
    html.append(verdict ? "<td class=\"" + text + "\">" : "<td>")
        .append(escaped(text))
        .append("</td>");
  }

  public String html() {
    return html.toString();
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
