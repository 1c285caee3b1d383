package org.plenum.sfu;

import java.util.List;
import org.plenum.sfu.quality.PublisherSecond.Limitation;

/// How a participant's own client says that it sees the call; nothing of it can be checked.
///
/// @param freezes how often a picture stood still, all pictures together
/// @param frozenMillis for how long, all together
/// @param relayed whether its media goes by a relay
/// @param slots those that did not run smoothly of late
/// @param encoders those that are held back now
public record Playback(
    long freezes, long frozenMillis, boolean relayed, List<Shown> slots, List<Encoder> encoders) {
  /// How one slot ran, each number for a second, on average since the report before.
  ///
  /// @param frozenMillis how long the picture stood still, or sound was concealed, 0 to 1000
  /// @param received frames that came
  /// @param shown of these, those that were decoded and rendered
  public record Shown(Mid mid, int frozenMillis, int received, int shown) {}

  /// What holds back the encoder of one section (`qualityLimitationReason` of W3C webrtc-stats).
  public record Encoder(Mid mid, Limitation limitation) {}

  public Playback {
    slots = List.copyOf(slots);
    encoders = List.copyOf(encoders);
  }

  /// All runs smoothly.
  public Playback(long freezes, long frozenMillis, boolean relayed) {
    this(freezes, frozenMillis, relayed, List.of(), List.of());
  }
}
