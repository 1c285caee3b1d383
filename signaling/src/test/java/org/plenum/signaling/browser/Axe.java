package org.plenum.signaling.browser;

import com.microsoft.playwright.Frame;
import com.microsoft.playwright.Page;
import java.util.List;

/// Deque's axe-core, which looks for barriers in a page: WCAG 2.2 A and AA, and good practice.
final class Axe {
  private static final String SCRIPT = Probe.read("axe/axe.min.js");

  private static final String RUN =
      """
      () => axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa',
          'best-practice'] })
        .then(({ violations }) => violations.flatMap(({ id, nodes }) =>
          nodes.map(({ target, failureSummary }) => `${id} at ${target}: ${failureSummary}`)))""";

  private Axe() {}

  /// What keeps somebody from using the page as it stands now, a sentence each.
  static List<String> violations(Page page) {
    return violations(page.mainFrame());
  }

  /// The same of a page within another.
  static List<String> violations(Frame frame) {
    frame.evaluate(SCRIPT);
    return ((List<?>) frame.evaluate(RUN)).stream().map(String::valueOf).toList();
  }
}
