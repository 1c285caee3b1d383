package org.plenum.sfu.rtcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Tag;

@Tag("fuzz")
class TransportCcFeedbackReaderFuzzTest {
  @FuzzTest(maxDuration = "5s")
  void everyPacketIsReportedOnceInOrder(byte[] bytes) {
    var reader = new TransportCcFeedbackReader();
    if (!reader.parse(MemorySegment.ofArray(bytes), 0, bytes.length)) {
      return;
    }
    var next = new int[] {0};
    reader.forEach(
        new TransportCcFeedbackReader.Handler() {
          @Override
          public void onPacketReceived(int sequenceNumber, int deltaTicks, long arrivalNanos) {
            assertTrue(deltaTicks >= Short.MIN_VALUE && deltaTicks <= Short.MAX_VALUE);
            onPacketLost(sequenceNumber);
          }

          @Override
          public void onPacketLost(int sequenceNumber) {
            assertEquals(reader.baseSequenceNumber() + next[0]++ & 0xFFFF, sequenceNumber);
          }
        });
    assertEquals(reader.statusCount(), next[0]);
  }
}
