package org.plenum.sfu.simulation;

import java.util.Locale;

/// What a viewer's link has seen up to one moment.
record Measure(
    double seconds,
    long offeredBytes,
    double capacityBytes,
    long mediaBytes,
    long againBytes,
    long dropped) {
  static Measure of(SimulatedViewer viewer) {
    return new Measure(
        viewer.call.seconds(),
        viewer.down.offeredBytes(),
        viewer.down.capacityBytes(),
        viewer.mediaBytes(),
        viewer.againBytes(),
        viewer.down.dropped());
  }

  /// What was sent into the link since then, as a part of what it could have carried.
  double offeredSince(Measure before) {
    return (offeredBytes - before.offeredBytes) / (capacityBytes - before.capacityBytes);
  }

  /// What was sent again, probes included, as a part of all media since then.
  double againSince(Measure before) {
    return (againBytes - before.againBytes) / (double) (mediaBytes - before.mediaBytes);
  }

  double bitrateSince(Measure before) {
    return (mediaBytes - before.mediaBytes) * 8 / (seconds - before.seconds);
  }

  static void print(String what, String part, Measure from, Measure to, SimulatedViewer viewer) {
    Picture picture = viewer.picture();
    System.out.printf(
        Locale.ROOT,
        "%s, %s: sent/link %.2f, %.0f kb/s, again %.3f, dropped %d, frozen %.2f s, gap %.2f s,"
            + " %.1f fps, %d switches, height %d since %.2f s, first frame %.2f s%n",
        what,
        part,
        to.offeredSince(from),
        to.bitrateSince(from) / 1e3,
        to.againSince(from),
        to.dropped - from.dropped,
        picture.frozenSeconds(from.seconds, to.seconds),
        picture.longestGap(from.seconds, to.seconds),
        picture.framesPerSecond(from.seconds, to.seconds),
        picture.switches(from.seconds, to.seconds),
        picture.height(),
        picture.heightSince(),
        picture.firstFrameSeconds() - viewer.enteredSeconds());
  }
}
