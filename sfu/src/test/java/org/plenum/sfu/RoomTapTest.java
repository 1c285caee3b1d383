package org.plenum.sfu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RoomTapTest {
  private static final TappedStream STREAM =
      new TappedStream(
          new ParticipantId("ada"),
          new TrackId("camera"),
          TrackSource.CAMERA,
          null,
          new TappedStream.State(CodecName.H264, false, false, 0));

  private final RoomTap tap =
      new RoomTap(RoomTap.Purpose.BROADCAST, Set.of(CodecName.H264), 1000, 8);
  private final List<TappedPacket> got = new ArrayList<>();

  @Test
  void packetsComeOutAsTheyWentInHoweverOftenTheRingTurns() {
    for (int number = 0; number < 5_000; number++) {
      assertTrue(offer(number, 1 + number * 37 % 200));
      if (number % 3 == 2) {
        tap.read(100, got::add);
      }
    }
    tap.read(100, got::add);
    assertEquals(5_000, got.size());
    for (int number = 0; number < got.size(); number++) {
      TappedPacket packet = got.get(number);
      assertEquals(number, packet.sequenceNumber());
      assertEquals(number * 3000, packet.timestamp());
      assertEquals(number % 2 == 0, packet.marker());
      assertArrayEquals(payload(number, 1 + number * 37 % 200), packet.payload());
    }
  }

  @Test
  void whatFindsNoRoomIsRefusedAndLeavesTheRestAsItWas() {
    assertTrue(offer(0, 600));
    assertFalse(offer(1, 600), "no bytes left");
    assertTrue(offer(2, 100));
    assertFalse(offer(3, 1001), "larger than the ring");
    tap.read(1, got::add);
    assertTrue(offer(4, 600), "the bytes of the first are free");
    tap.read(100, got::add);
    assertEquals(List.of(0L, 2L, 4L), got.stream().map(TappedPacket::sequenceNumber).toList());
    assertArrayEquals(payload(2, 100), got.get(1).payload());
    for (int number = 5; number < 13; number++) {
      assertTrue(offer(number, 0));
    }
    assertFalse(offer(13, 0), "no places left");
  }

  @Test
  void aReaderTakesNoMoreAtOnceThanItAskedFor() {
    for (int number = 0; number < 5; number++) {
      offer(number, 1);
    }
    assertEquals(2, tap.read(2, got::add));
    assertEquals(3, tap.read(100, got::add));
    assertEquals(0, tap.read(100, got::add));
  }

  /// The hand-off as it is used: what is read is what was written, in order, or was refused.
  @Test
  void twoThreadsAgreeOnEveryPacket() throws InterruptedException {
    var roomy = new RoomTap(RoomTap.Purpose.BROADCAST, Set.of(CodecName.H264), 10_000, 64);
    int[] refused = new int[1];
    Thread worker =
        new Thread(
            () -> {
              for (int number = 0; number < 200_000; number++) {
                byte[] payload = payload(number, number % 200);
                if (!roomy.offer(
                    STREAM,
                    CodecName.H264,
                    number,
                    0,
                    false,
                    MemorySegment.ofArray(payload),
                    0,
                    payload.length,
                    0)) {
                  refused[0]++;
                }
              }
              roomy.end();
            });
    worker.start();
    boolean last = false;
    while (!last) {
      last = roomy.isEnded();
      roomy.read(1000, got::add);
    }
    roomy.read(1000, got::add);
    worker.join();
    assertEquals(200_000, got.size() + refused[0]);
    long before = -1;
    for (TappedPacket packet : got) {
      assertTrue(packet.sequenceNumber() > before);
      before = packet.sequenceNumber();
      assertArrayEquals(payload((int) before, (int) (before % 200)), packet.payload());
    }
  }

  private boolean offer(int number, int length) {
    byte[] payload = payload(number, length);
    return tap.offer(
        STREAM,
        CodecName.H264,
        number,
        number * 3000,
        number % 2 == 0,
        MemorySegment.ofArray(payload),
        0,
        length,
        number);
  }

  private static byte[] payload(int number, int length) {
    byte[] payload = new byte[length];
    Arrays.fill(payload, (byte) number);
    return payload;
  }
}
