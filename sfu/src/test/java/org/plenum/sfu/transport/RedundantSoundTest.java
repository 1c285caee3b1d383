package org.plenum.sfu.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.Codec;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.IngressVerdict;
import org.plenum.sfu.SfuCounter;
import org.plenum.sfu.red.RedPayload;
import org.plenum.sfu.red.RedWriter;
import org.plenum.sfu.rtp.HeaderExtensionMap;
import org.plenum.sfu.rtp.NetworkOrder;
import org.plenum.sfu.testclient.RtpBytes;
import org.plenum.sfu.transport.PlainPath.Built;
import org.plenum.sfu.transport.PlainPath.Publisher;

/// Redundant audio (RFC 2198) from a publisher's packet to a viewer's: taken apart, used for what
/// was lost on the way, and made for those who lose packets.
class RedundantSoundTest {
  private static final int FRAME = 960;
  private static final Codec PLAIN =
      new Codec(CodecName.OPUS, 111, Codec.NO_RTX, Set.of(), Map.of());
  private static final Codec RED =
      new Codec(CodecName.OPUS, 111, Codec.NO_RTX, 63, Set.of(), Map.of());

  private final List<Publisher> publishers = new ArrayList<>();
  private PlainPath path = path(RED);

  private static PlainPath path(Codec codec) {
    return new PlainPath(codec, HeaderExtensionMap.EMPTY, 0);
  }

  private Publisher publisher(Codec codec) {
    int number = publishers.size();
    Publisher publisher = path.publisher("p" + number, codec, 100 + number);
    publishers.add(publisher);
    return publisher;
  }

  @AfterEach
  void end() {
    publishers.forEach(Publisher::end);
  }

  /// What was said in a certain frame.
  private static byte[] said(int frame) {
    return new byte[] {(byte) frame, 7, (byte) (3 * frame)};
  }

  /// A packet of a frame that repeats so many before it.
  private static byte[] red(int frame, int repeated) {
    return red(111, frame, repeated);
  }

  private static byte[] red(int payloadType, int frame, int repeated) {
    var writer = new RedWriter();
    writer.begin(payloadType, FRAME * frame);
    for (int earlier = frame - repeated; earlier < frame; earlier++) {
      writer.add(MemorySegment.ofArray(said(earlier)), 0, 3, FRAME * earlier);
    }
    var bytes = ByteBuffer.allocate(100);
    int length =
        writer.write(
            MemorySegment.ofArray(said(frame)), 0, 3, MemorySegment.ofBuffer(bytes), 0, 100);
    byte[] payload = new byte[length];
    bytes.get(payload);
    return payload;
  }

  @Test
  void aViewerWithoutRedundancyGetsThePrimaryBlockAlone() {
    path = path(PLAIN);
    Publisher publisher = publisher(RED);
    publisher.send(said(1), Map.of(), true);
    assertEquals(IngressVerdict.RTP_ACCEPTED, publisher.sendRed(red(2, 1)));
    assertArrayEquals(said(2), publisher.cached(0));
    path.stream().onLoss(0.5, 0);
    Built built = publisher.send(said(3), Map.of(), false);
    assertEquals(111, built.payloadType());
    assertArrayEquals(said(3), built.payload());
  }

  @Test
  void whatWasLostOnTheWayHereIsTakenFromWhatLaterPacketsRepeat() {
    Publisher publisher = publisher(RED);
    publisher.send(said(1), Map.of(), true);
    publisher.lose();
    publisher.lose();
    publisher.sendRed(red(4, 2));
    assertArrayEquals(said(4), publisher.cached(0));
    assertArrayEquals(said(3), publisher.cached(1));
    assertArrayEquals(said(2), publisher.cached(2));
    assertEquals(2, path.counters().value(SfuCounter.SOUND_RECOVERED));
    assertEquals(2, publisher.layer().stream().cumulativeLost(), "as the publisher is told");
  }

  @Test
  void whatIsRepeatedAndThereIsNotTakenAgain() {
    Publisher publisher = publisher(RED);
    publisher.send(said(1), Map.of(), true);
    publisher.sendRed(red(2, 1));
    publisher.lose();
    publisher.sendRed(red(4, 1));
    publisher.sendRed(red(5, 2));
    assertEquals(1, path.counters().value(SfuCounter.SOUND_RECOVERED));
    assertArrayEquals(said(3), publisher.cached(2));
  }

  @Test
  void nothingIsInventedForWhatNobodyRepeats() {
    Publisher publisher = publisher(RED);
    publisher.send(said(1), Map.of(), true);
    publisher.lose();
    publisher.lose();
    publisher.sendRed(red(4, 1));
    assertArrayEquals(said(3), publisher.cached(1));
    assertNull(publisher.cached(2));
  }

  @Test
  void blocksOfAnotherCodecAreNotTaken() {
    Publisher publisher = publisher(RED);
    publisher.send(said(1), Map.of(), true);
    publisher.lose();
    assertEquals(IngressVerdict.RTP_UNKNOWN_PAYLOAD_TYPE, publisher.sendRed(red(13, 3, 1)));
    byte[] mixed = red(4, 2);
    mixed[0] = (byte) (0x80 | 13); // of the older block
    publisher.sendRed(mixed);
    assertArrayEquals(said(3), publisher.cached(1));
    assertNull(publisher.cached(2));
  }

  @Test
  void whatCannotBeReadIsMalformedAndTakesNoPlace() {
    Publisher publisher = publisher(RED);
    publisher.send(said(1), Map.of(), true);
    long highest = publisher.layer().stream().highestSequenceNumber();
    assertEquals(IngressVerdict.RTP_MALFORMED, publisher.sendRed(new byte[] {(byte) 0xEF, 1}));
    assertEquals(highest, publisher.layer().stream().highestSequenceNumber());
  }

  @Test
  void aViewerWhoLosesPacketsGetsEarlierOnesAgain() {
    Publisher publisher = publisher(PLAIN);
    publisher.send(said(1), Map.of(), true);
    assertEquals(111, publisher.send(said(2), Map.of(), false).payloadType(), "nothing is lost");
    path.stream().onLoss(0.3, 0);
    assertEquals(2, path.stream().repetition.distance());
    Built built = publisher.send(said(3), Map.of(), false);
    assertEquals(63, built.payloadType());
    assertArrayEquals(red(3, 2), built.payload());
    assertEquals(1, path.counters().value(SfuCounter.SOUND_REPEATED));
    assertTrue(path.stream().repetition.overhead() > 0);
    assertEquals(9 + 15, path.stream().slot.numbers().octetCount());
  }

  @Test
  void nothingOfAnotherPublisherOrFromBeforeABindingIsRepeated() {
    path.stream().onLoss(1, 0);
    Publisher one = publisher(RED);
    Publisher other = publisher(PLAIN);
    one.send(said(1), Map.of(), true);
    assertArrayEquals(red(2, 1), one.send(said(2), Map.of(), false).payload());
    other.send(said(40), Map.of(), true);
    assertArrayEquals(red(41, 1), other.send(said(41), Map.of(), false).payload());
    one.sendRed(red(3, 2)); // while the slot is bound to the other
    Built first = one.send(said(4), Map.of(), true);
    assertEquals(111, first.payloadType());
    assertArrayEquals(said(4), first.payload());
    assertArrayEquals(red(5, 1), one.send(said(5), Map.of(), false).payload());
    assertArrayEquals(red(6, 2), one.send(said(6), Map.of(), false).payload());
  }

  @Test
  void repetitionStaysWithinWhatTheBandwidthLeaves() {
    path.stream().onLoss(1, 0);
    path.stream().repetition.most(1);
    Publisher publisher = publisher(PLAIN);
    publisher.send(said(1), Map.of(), true);
    publisher.send(said(2), Map.of(), false);
    assertArrayEquals(red(3, 1), publisher.send(said(3), Map.of(), false).payload());
    path.stream().repetition.most(0);
    assertArrayEquals(said(4), publisher.send(said(4), Map.of(), false).payload());
  }

  @Test
  void largePayloadsAreRepeatedOnlyAsFarAsTheyFit() {
    path.stream().onLoss(1, 0);
    Publisher publisher = publisher(PLAIN);
    byte[] large = new byte[500];
    publisher.send(large, Map.of(), true);
    publisher.send(large, Map.of(), false);
    var red = new RedPayload();
    byte[] built = publisher.send(large, Map.of(), false).payload();
    assertTrue(red.parse(MemorySegment.ofArray(built), 0, built.length));
    assertEquals(1, red.redundantCount());
    assertEquals(111, publisher.send(new byte[1_200], Map.of(), false).payloadType());
  }

  @Test
  void silenceThatWasNotSentIsNotBridged() {
    path.stream().onLoss(1, 0);
    Publisher publisher = publisher(PLAIN);
    publisher.send(said(1), Map.of(), true);
    for (int i = 0; i < 20; i++) {
      path.pass();
    }
    assertEquals(111, publisher.send(said(22), Map.of(), false).payloadType(), "RFC 2198: 14 bits");
  }

  @Test
  void neitherReadingNorMakingItAllocates() {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    path.stream().onLoss(1, 0);
    Publisher publisher = publisher(RED);
    publisher.send(said(1), Map.of(), true);
    MemorySegment slab = Arena.ofAuto().allocate(4096);
    byte[] packet = RtpBytes.packet(63, true, 0, 0, 100, Map.of(), red(9, 2));
    MemorySegment.copy(packet, 0, slab, ValueLayout.JAVA_BYTE, 0, packet.length);
    int number = 65_534;
    int timestamp = 20 * 48;
    long least = Long.MAX_VALUE;
    long repeated = path.counters().value(SfuCounter.SOUND_REPEATED);
    for (int window = 0; window < 10; window++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 20_000; i++) {
        // Every tenth is lost, and found in the next.
        int step = i % 10 == 9 ? 2 : 1;
        number += step;
        timestamp += step * FRAME;
        NetworkOrder.put16(slab, 2, number);
        NetworkOrder.put32(slab, 4, timestamp);
        assertTrue(publisher.receive(slab, packet.length) == IngressVerdict.RTP_ACCEPTED);
        assertTrue(publisher.build() > 0);
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertEquals(0, least, "bytes in the calmest of ten windows");
    assertEquals(20_000, path.counters().value(SfuCounter.SOUND_RECOVERED));
    assertTrue(path.counters().value(SfuCounter.SOUND_REPEATED) - repeated >= 199_999);
  }
}
