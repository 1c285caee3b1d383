package org.plenum.signaling.browser;

import static org.plenum.signaling.browser.Eventually.eventually;

/// Somebody who uses a page by keyboard alone, and sees at each step where they are.
record Keyboard(ChromiumParticipant person) {
  /// More than a page has to be stepped through.
  private static final int MOST_STEPS = 90;

  /// What has the focus: its test id, what it does, or its id. Empty: the browser's own bars.
  private static final String FOCUSED =
      """
      (({ dataset, id }) => dataset.testid || dataset.action || id)(document.activeElement)""";

  /// `seen`, or what is wrong with how the focus is shown.
  private static final String SEEN =
      """
      (() => {
        const element = document.activeElement;
        const { left, top, right, bottom } = element.getBoundingClientRect();
        const isInSight = left < right && top < bottom && right > 0 && bottom > 0 && left < innerWidth && top < innerHeight;
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        const isOutlined = element.matches(':focus-visible') && outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
        let opacity = 1;
        for (let box = element; box; box = box.parentElement) opacity *= getComputedStyle(box).opacity;
        return isInSight && isOutlined && opacity > 0.8 ? 'seen'
          : `in sight: ${isInSight}, outlined: ${isOutlined}, opacity: ${opacity}`;
      })()""";

  String focused() {
    return person.evaluate(FOCUSED);
  }

  void press(String key) {
    person.page().keyboard().press(key);
  }

  void type(String text) {
    person.page().keyboard().type(text);
  }

  /// Fails unless whoever looks sees what has the focus.
  void seesFocus() {
    String focused = focused();
    if (!focused.isEmpty()) {
      eventually("the focus on " + focused, () -> person.evaluate(SEEN), "seen"::equals);
    }
  }

  /// One step on.
  ///
  /// @return what has the focus then
  String tab() {
    press("Tab");
    seesFocus();
    return focused();
  }

  /// Steps on until this has the focus.
  void tabTo(String what) {
    for (int i = 0; i < MOST_STEPS && !focused().equals(what); i++) {
      tab();
    }
    if (!focused().equals(what)) {
      throw new AssertionError(what + " is not reached by Tab");
    }
    seesFocus();
  }
}
