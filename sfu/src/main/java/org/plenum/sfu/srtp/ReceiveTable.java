package org.plenum.sfu.srtp;

import org.jspecify.annotations.Nullable;

/// The receive state of each SSRC, by open addressing: looking up allocates nothing.
final class ReceiveTable {
  /// Replay windows of one SSRC; the highest RTP index also tells the roll-over counter.
  static final class State {
    final IndexWindow rtp = new IndexWindow();
    final IndexWindow rtcp = new IndexWindow();
  }

  private static final int SLOTS = 4 * SrtpReceiver.MAX_SSRCS; // a power of two; at most ¼ is full
  private static final int GOLDEN_RATIO = 0x9E37_79B9;

  private final int[] ssrcs = new int[SLOTS];
  private final @Nullable State[] states = new State[SLOTS];
  private int size;

  @Nullable State find(int ssrc) {
    for (int slot = home(ssrc); ; slot = slot + 1 & SLOTS - 1) {
      var state = states[slot];
      if (state == null || ssrcs[slot] == ssrc) {
        return state;
      }
    }
  }

  /// Makes the state of an SSRC that has none, or returns null if there are too many.
  @Nullable State add(int ssrc) {
    if (size == SrtpReceiver.MAX_SSRCS) {
      return null;
    }
    int slot = home(ssrc);
    while (states[slot] != null) {
      slot = slot + 1 & SLOTS - 1;
    }
    size++;
    ssrcs[slot] = ssrc;
    var state = new State();
    states[slot] = state;
    return state;
  }

  int size() {
    return size;
  }

  private static int home(int ssrc) {
    return ssrc * GOLDEN_RATIO >>> 32 - Integer.numberOfTrailingZeros(SLOTS);
  }
}
