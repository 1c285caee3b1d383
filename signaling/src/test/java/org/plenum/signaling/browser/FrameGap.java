package org.plenum.signaling.browser;

/// The longest time between two frames that a page presented of somebody's camera.
final class FrameGap {
  private static final String BEGIN =
      """
      ((name) => {
        const id = [...plenum.participants.values()].find((one) => one.name === name).participant;
        const video = document.querySelector(`.tile[data-participant="${id}"]:not(.screen) video`);
        const gap = (window.frameGap = { most: 0, frames: 0, last: performance.now() });
        const onFrame = () => {
          if (window.frameGap !== gap) return;
          const now = performance.now();
        gap.most = Math.max(gap.most, now - gap.last);
          gap.last = now;
          gap.frames++;
          video.requestVideoFrameCallback(onFrame);
        };
        video.requestVideoFrameCallback(onFrame);
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
