package org.plenum.sfu.dtls;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayDeque;
import org.junit.jupiter.api.Tag;

@Tag("fuzz")
class RecordFilterFuzzTest {
  /// Every record that comes out is whole and alone, and never are there more bytes out than in.
  @FuzzTest(maxDuration = "5s")
  void neverThrowsAndFramesEveryRecord(FuzzedDataProvider data) {
    var filter = new RecordFilter();
    var out = new ArrayDeque<byte[]>();
    long in = 0;
    for (int i = 0; i < 40 && data.remainingBytes() > 0; i++) {
      byte[] datagram = data.consumeBytes(data.consumeInt(0, 1500));
      in += datagram.length;
      RecordFilter.isClientHello(datagram);
      filter.accept(datagram, out);
      assertTrue(filter.held() <= RecordFilter.MAX_HELD);
    }
    long passed = 0;
    for (byte[] record : out) {
      passed += record.length;
      int length = (record[11] & 0xFF) << 8 | record[12] & 0xFF;
      assertTrue(record.length == RecordFilter.RECORD_HEADER_BYTES + length);
    }
    assertTrue(passed <= in);
  }
}
