package org.plenum.broadcast.frame;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.plenum.broadcast.box.InitSegment;
import org.plenum.sfu.CodecName;

@Tag("fuzz")
class JoinerFuzzTest {
  private static final CodecName[] CODECS = {CodecName.H264, CodecName.VP9, CodecName.AV1};

  /// The first byte is the codec; then payloads, each behind its length.
  @FuzzTest(maxDuration = "10s")
  void makesAPictureOfPayloadsOrNone(byte[] input) {
    if (input.length == 0) {
      return;
    }
    List<byte[]> payloads = new ArrayList<>();
    int total = 0;
    for (int at = 1; at < input.length; ) {
      int length = Math.min(input.length - at, 1 + (input[at] & 0xFF));
      byte[] payload = new byte[length];
      System.arraycopy(input, at, payload, 0, length);
      payloads.add(payload);
      total += length;
      at += length;
    }
    if (payloads.isEmpty()) {
      return;
    }
    Joiner joiner = Objects.requireNonNull(Joiner.of(CODECS[(input[0] & 0xFF) % CODECS.length]));
    Picture picture = joiner.join(payloads);
    if (picture != null) {
      // A NAL unit gets a length of 4 bytes, an OBU a size of 4 at the most.
      assertTrue(picture.data().length > 0 && picture.data().length <= 5 * total);
      if (picture.format() != null) {
        InitSegment.video(picture.format());
      }
    }
  }
}
