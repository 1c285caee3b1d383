package org.plenum.sfu.rtcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Tag;

@Tag("fuzz")
class RtcpReaderFuzzTest {
  @FuzzTest(maxDuration = "5s")
  void aCompoundIsReadWhollyOrNotAtAll(byte[] bytes) {
    var handler = new RecordingHandler();
    if (RtcpReader.read(MemorySegment.ofArray(bytes), 0, bytes.length, handler)) {
      assertEquals(0, bytes.length % 4);
      // At most 17 packets for four bytes of NACK.
      assertTrue(handler.calls.size() <= 17 * (bytes.length / 4));
    } else {
      assertTrue(handler.calls.isEmpty());
    }
  }
}
