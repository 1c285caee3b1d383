package org.plenum.signaling.jsep;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.Codec.Feedback;

/// How `a=rtcp-fb` spells feedback (RFC 4585 §4.2, RFC 5104 §7.1); `rrtr` is libwebrtc's.
final class FeedbackNames {
  private static final Map<String, Feedback> BY_NAME =
      Map.of(
          "nack", Feedback.NACK,
          "nack pli", Feedback.PLI,
          "ccm fir", Feedback.FIR,
          "transport-cc", Feedback.TRANSPORT_CC,
          "goog-remb", Feedback.REMB,
          "rrtr", Feedback.RECEIVER_REFERENCE_TIME);

  private FeedbackNames() {}

  /// The feedback of that name, or null if it is none of ours.
  static @Nullable Feedback find(String name) {
    return BY_NAME.get(name);
  }

  static String name(Feedback feedback) {
    return switch (feedback) {
      case NACK -> "nack";
      case PLI -> "nack pli";
      case FIR -> "ccm fir";
      case TRANSPORT_CC -> "transport-cc";
      case REMB -> "goog-remb";
      case RECEIVER_REFERENCE_TIME -> "rrtr";
    };
  }
}
