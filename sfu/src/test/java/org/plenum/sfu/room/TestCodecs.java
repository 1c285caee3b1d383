package org.plenum.sfu.room;

import java.util.Map;
import java.util.Set;
import org.plenum.sfu.Codec;
import org.plenum.sfu.CodecName;

/// Codecs as they are negotiated, each name under payload types of its own.
final class TestCodecs {
  private TestCodecs() {}

  static Codec video(CodecName name) {
    int payloadType = 96 + 2 * name.ordinal();
    Set<Codec.Feedback> feedback = Set.of(Codec.Feedback.PLI);
    return new Codec(name, payloadType, payloadType + 1, feedback, Map.of());
  }

  static Codec h264(int payloadType, String profileLevelId, String mode) {
    return new Codec(
        CodecName.H264,
        payloadType,
        Codec.NO_RTX,
        Set.of(),
        Map.of("profile-level-id", profileLevelId, "packetization-mode", mode));
  }
}
