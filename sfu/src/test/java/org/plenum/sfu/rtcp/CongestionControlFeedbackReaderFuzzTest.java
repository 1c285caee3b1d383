package org.plenum.sfu.rtcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Tag;

@Tag("fuzz")
class CongestionControlFeedbackReaderFuzzTest {
  private static final long WRAP_NANOS = 65_536_000_000_000L;
  private static final long LONGEST_AGO_NANOS = 8_000_000_000L;

  @FuzzTest(maxDuration = "5s")
  void noPacketCameAfterTheReportAndNoneIsToldTwiceInARow(byte[] bytes) {
    var reader = new CongestionControlFeedbackReader();
    if (!reader.parse(MemorySegment.ofArray(bytes), 0, bytes.length)) {
      return;
    }
    long reported = reader.reportNanos();
    assertTrue(reported >= 0 && reported < WRAP_NANOS);
    var told = new int[1];
    reader.forEach(
        new CongestionControlFeedbackReader.Handler() {
          @Override
          public void onPacketReceived(int ssrc, int sequenceNumber, int ecn, long arrivalNanos) {
            assertEquals(ecn & 3, ecn);
            long ago = reported - arrivalNanos;
            assertTrue(ago >= 0 && ago <= LONGEST_AGO_NANOS, ago + " ns before the report");
            onPacketLost(ssrc, sequenceNumber);
          }

          @Override
          public void onPacketLost(int ssrc, int sequenceNumber) {
            assertEquals(sequenceNumber & 0xFFFF, sequenceNumber);
            told[0]++;
          }
        });
    assertTrue(2 * told[0] <= bytes.length, told[0] + " packets in " + bytes.length + " bytes");
  }
}
