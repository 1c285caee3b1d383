package org.plenum.signaling.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.signaling.browser.Eventually.eventually;

import com.microsoft.playwright.Page;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What a call has set up in the page goes with it.
@Tag("browser")
@ExtendWith(CallExtension.class)
class LeftoversBrowserTest {
  /// Knows what listens to things that outlive a call, and what runs or is open.
  private static final String WATCH =
      """
      (() => {
        const kept = (window.kept = { listeners: new Map(), intervals: new Set(), open: new Map(), repaints: null });
        const lasts = (target) => target === window || target === document || target === navigator.mediaDevices
          || target instanceof MediaQueryList || (target instanceof Element && target.id !== '');
        const { addEventListener, removeEventListener } = EventTarget.prototype;
        const keyOf = (type, options) => `${type} ${Boolean(options?.capture ?? options)}`;
        const of = (target, key) => {
          if (!kept.listeners.has(target)) kept.listeners.set(target, new Map());
          const keys = kept.listeners.get(target);
          if (!keys.has(key)) keys.set(key, new Set());
          return keys.get(key);
        };
        EventTarget.prototype.addEventListener = function (type, listener, options) {
          if (lasts(this ?? window) && !options?.once) of(this ?? window, keyOf(type, options)).add(listener);
          return addEventListener.call(this ?? window, type, listener, options);
        };
        EventTarget.prototype.removeEventListener = function (type, listener, options) {
          if (lasts(this ?? window)) of(this ?? window, keyOf(type, options)).delete(listener);
          return removeEventListener.call(this ?? window, type, listener, options);
        };
        const { setInterval, clearInterval } = window;
        window.setInterval = (...how) => {
          const id = setInterval(...how);
          kept.intervals.add(id);
          return id;
        };
        window.clearInterval = (id) => {
          kept.intervals.delete(id);
          clearInterval(id);
        };
        const add = Set.prototype.add;
        Set.prototype.add = function (value) {
          if (typeof value === 'function' && new Error().stack.includes('onLanguage')) kept.repaints = this;
          return add.call(this, value);
        };
        for (const name of ['AudioContext', 'RTCPeerConnection', 'Worker']) {
          window[name] = class extends window[name] {
            constructor(...how) {
              super(...how);
              kept.open.set(this, name);
            }
            close() {
              kept.open.delete(this);
              return super.close();
            }
            terminate() {
              kept.open.delete(this);
              return super.terminate();
            }
          };
        }
      })();
      """;

  private static final String OPEN = "[...kept.open.values()]";

  /// What is left, in words.
  private static final String LEFT =
      """
      (() => {
        const listening = [...kept.listeners].flatMap(([target, keys]) => [...keys]
          .filter(([, listeners]) => listeners.size)
          .map(([key, listeners]) => `${target.id ?? target.constructor.name} ${key}: ${listeners.size}`)).sort();
        return [...listening, `texts: ${kept.repaints.size}`, `intervals: ${kept.intervals.size}`].join(', ');
      })()""";

  @Test
  void everyCallLeavesThePageAsTheFirstDid(Call call) {
    ChromiumParticipant ada = call.enter("Ada");
    Page page = ada.page();
    page.addInitScript(WATCH);
    page.navigate(call.address("Ada", Call.TINY));
    ChromiumParticipant grace = call.join("Grace", Call.TINY);
    String first = afterACall(ada, grace);
    assertTrue(first.contains("texts: "), first);
    for (int again = 0; again < 2; again++) {
      ada.press("rejoin");
      assertEquals(first, afterACall(ada, grace));
    }
  }

  /// Uses what there is, and leaves.
  private static String afterACall(ChromiumParticipant ada, ChromiumParticipant grace) {
    Page page = ada.page();
    ada.seesAndHears("Grace");
    for (String panel : List.of("open-chat", "open-people")) {
      ada.press(panel);
    }
    ada.press("more");
    ada.press("open-statistics");
    assertThat(page.getByTestId("statistics").locator("canvas").first()).isVisible();
    ada.press("hand");
    grace.isTold("Ada raised a hand");
    ada.press("mic-more");
    page.keyboard().press("Escape");
    ada.press("more");
    ada.press("mini");
    eventually(
        "a small window",
        () -> ada.evaluate("String(documentPictureInPicture.window !== null)"),
        "true"::equals);
    ada.press("leave");
    assertThat(page.getByTestId("left")).isVisible();
    eventually("nothing open", () -> ada.evaluate(OPEN + ".join()"), ""::equals);
    return ada.evaluate(LEFT);
  }
}
