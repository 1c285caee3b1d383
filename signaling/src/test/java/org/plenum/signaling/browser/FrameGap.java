package org.plenum.signaling.browser;

/// The longest time between two frames that a page presented of somebody's camera.
final class FrameGap {
  /// Asks anew where the tile has got another element, or where nothing has come for a second: a
  /// browser may forget what it was asked for before.
  private static final String BEGIN =
      """
      ((name) => {
        const id = [...plenum.participants.values()].find((one) => one.name === name).participant;
        const find = () =>
          document.querySelector(`.tile[data-participant="${id}"]:not(.screen) video`);
        const gap = (window.frameGap = { most: 0, frames: 0, last: performance.now() });
        let watched = null;
        let asked = 0;
        let request = 0;
        const ask = () => {
          asked = performance.now();
          request = watched.requestVideoFrameCallback(onFrame);
        };
        const onFrame = () => {
          if (window.frameGap !== gap) return;
          const now = performance.now();
          gap.most = Math.max(gap.most, now - gap.last);
          gap.last = now;
          gap.frames++;
          ask();
        };
        const look = () => {
          if (window.frameGap !== gap) return;
          const video = find();
          if (video && (video !== watched || performance.now() - asked > 1000)) {
            watched?.cancelVideoFrameCallback(request);
            watched = video;
            ask();
          }
          setTimeout(look, 100);
        };
        look();
        return true;
      })('%s')""";

  private static final String READ =
      """
      JSON.stringify({
        most: Math.round(Math.max(frameGap.most, performance.now() - frameGap.last)),
        frames: frameGap.frames,
      })""";

  private final Participant viewer;

  /// Counts from now.
  FrameGap(Participant viewer, String publisher) {
    this.viewer = viewer;
    viewer.evaluate(BEGIN.formatted(publisher));
  }

  /// In milliseconds.
  int mostMillis() {
    return Probe.parse(viewer.evaluate(READ)).get("most").asInt();
  }

  int frames() {
    return Probe.parse(viewer.evaluate(READ)).get("frames").asInt();
  }
}
