package org.plenum.signaling.browser;

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
    page.evaluate(SCRIPT);
    return ((List<?>) page.evaluate(RUN)).stream().map(String::valueOf).toList();
  }
}
