package org.plenum.sfu.dtls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.sfu.dtls.Records.fragment;
import static org.plenum.sfu.dtls.Records.join;
import static org.plenum.sfu.dtls.Records.record;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordFilterTest {
  private static final byte[] KEY_EXCHANGE = record(22, 0, 2, fragment(16, 60, 0, 60));
  private static final byte[] VERIFY = record(22, 0, 3, fragment(15, 80, 0, 80));
  private static final byte[] CHANGE = record(20, 0, 4, (byte) 1);
  private static final byte[] FINISHED = record(22, 1, 0, new byte[40]);

  private final RecordFilter filter = new RecordFilter();

  @Test
  void holdsChangeCipherSpecAndLaterEpochsUntilCertificateVerify() {
    assertPasses(pass(KEY_EXCHANGE), KEY_EXCHANGE);
    assertPasses(pass(CHANGE));
    assertPasses(pass(FINISHED));
    assertPasses(pass(VERIFY), VERIFY, CHANGE, FINISHED);
    assertPasses(pass(CHANGE), CHANGE);
    assertPasses(pass(FINISHED), FINISHED);
  }

  @Test
  void takesADatagramApart() {
    assertPasses(
        pass(join(KEY_EXCHANGE, VERIFY, CHANGE, FINISHED)), KEY_EXCHANGE, VERIFY, CHANGE, FINISHED);
  }

  @Test
  void putsASwappedChangeCipherSpecFirst() {
    assertPasses(pass(FINISHED));
    assertPasses(pass(CHANGE));
    assertPasses(pass(VERIFY), VERIFY, CHANGE, FINISHED);
  }

  @Test
  void waitsForTheLastFragmentInAnyOrder() {
    byte[] tail = record(22, 0, 5, fragment(15, 80, 50, 30));
    byte[] head = record(22, 0, 6, fragment(15, 80, 0, 30));
    byte[] middle = record(22, 0, 7, fragment(15, 80, 30, 20));
    pass(CHANGE);
    assertPasses(pass(tail), tail);
    assertPasses(pass(head), head);
    assertPasses(pass(middle), middle, CHANGE);
  }

  @Test
  void findsACertificateVerifyBehindOtherMessagesOfItsRecord() {
    byte[] both = record(22, 0, 2, join(fragment(16, 60, 0, 60), fragment(15, 80, 0, 80)));
    pass(CHANGE);
    assertPasses(pass(both), both, CHANGE);
  }

  @Test
  void believesNoLyingLengths() {
    pass(CHANGE);
    pass(record(22, 0, 2, fragment(15, 80, 70, 40))); // beyond the message
    pass(record(22, 0, 3, fragment(15, 0xFFFFFF, 0, 40))); // longer than any
    pass(record(22, 0, 4, Arrays.copyOf(fragment(15, 80, 0, 80), 60))); // beyond the record
    pass(record(22, 0, 5, fragment(15, 0, 0, 0)));
    assertEquals(1, filter.held());
  }

  @Test
  void keepsTheNewestOfABoundedNumber() {
    for (int sequence = 0; sequence < 30; sequence++) {
      pass(record(23, 1, sequence, new byte[24]));
    }
    assertEquals(RecordFilter.MAX_HELD, filter.held());
    List<byte[]> out = pass(VERIFY);
    assertEquals(29, out.getLast()[10]);
  }

  @Test
  void dropsWhatIsNoRecordAndAllBehindIt() {
    assertPasses(pass(join(KEY_EXCHANGE, new byte[] {1, 2, 3}, VERIFY)), KEY_EXCHANGE);
    assertPasses(pass(Arrays.copyOf(VERIFY, VERIFY.length - 1)));
    assertPasses(pass(new byte[0]));
    assertPasses(pass(record(25, 0, 0, new byte[20])));
    byte[] tls = KEY_EXCHANGE.clone();
    tls[1] = 3;
    assertPasses(pass(tls));
  }

  @Test
  void renumbersEpochZeroOnly() {
    byte[] forged = KEY_EXCHANGE.clone();
    Arrays.fill(forged, 5, 11, (byte) 0xFF);
    assertEquals(0, pass(forged).getFirst()[10]);
    assertEquals(1, pass(VERIFY).getFirst()[10]);
    assertEquals(77, pass(record(23, 1, 77, new byte[24])).getFirst()[10]);
    byte[] next = pass(KEY_EXCHANGE).getFirst();
    assertArrayEquals(new byte[] {0, 0, 0, 0, 0, 2}, Arrays.copyOfRange(next, 5, 11));
  }

  @Test
  void dropsEncryptedRecordsTooShortForATag() {
    pass(VERIFY);
    assertPasses(pass(record(21, 1, 0, new byte[23])));
    assertEquals(1, pass(record(21, 1, 0, new byte[24])).size());
  }

  @Test
  void knowsAClientHello() {
    byte[] hello = record(22, 0, 0, fragment(1, 500, 0, 40));
    assertTrue(RecordFilter.isClientHello(hello));
    assertTrue(RecordFilter.isClientHello(record(22, 0, 0, fragment(1, 500, 400, 100))));
    assertFalse(RecordFilter.isClientHello(KEY_EXCHANGE));
    assertFalse(RecordFilter.isClientHello(record(22, 1, 0, fragment(1, 500, 0, 40))));
    assertFalse(RecordFilter.isClientHello(Arrays.copyOf(hello, 20)));
    assertFalse(RecordFilter.isClientHello(record(22, 0, 0)));
  }

  private List<byte[]> pass(byte[] datagram) {
    var out = new ArrayDeque<byte[]>();
    filter.accept(datagram, out);
    return List.copyOf(out);
  }

  private static void assertPasses(List<byte[]> actual, byte[]... expected) {
    assertEquals(expected.length, actual.size());
    for (int i = 0; i < expected.length; i++) {
      assertArrayEquals(withoutNumber(expected[i]), withoutNumber(actual.get(i)));
    }
  }

  private static byte[] withoutNumber(byte[] record) {
    byte[] copy = record.clone();
    Arrays.fill(copy, 5, 11, (byte) 0);
    return copy;
  }
}
