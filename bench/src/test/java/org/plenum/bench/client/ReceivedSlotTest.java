package org.plenum.bench.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.rtp.RtpHeaderWriter;
import org.plenum.sfu.rtp.RtpPacket;
import org.plenum.sfu.srtp.SrtpProfile;

/// A viewer that finds nothing wrong proves nothing unless it finds what is.
class ReceivedSlotTest {
  private static final int SSRC = 5;
  private static final int LENGTH = 79;
  private static final int FLAGS = MediaStamp.MEASURED | MediaStamp.COUNTS;
  private static final long SENT = Presence.NOTICE_NANOS + 1_000_000;

  private final MediaSource source =
      new MediaSource(
          0,
          false,
          new byte[] {'0'},
          1,
          new Presence(),
          new Audience(),
          new ClientOptions(0, 25, VideoShape.VP8, true, SrtpProfile.AEAD_AES_128_GCM, 0));
  private final MemorySegment slab = Arena.ofAuto().allocate(2048);
  private final RtpPacket packet = new RtpPacket();
  private final Tally tally = new Tally(0);
  private final Presence presence = new Presence();
  private final ReceivedSlot slot =
      new ReceivedSlot(SSRC, false, presence, id -> id == 0 ? source : null);

  @BeforeEach
  void count() {
    presence.begin(0, Presence.NOTICE_NANOS);
  }

  private void arrive(int sequenceNumber, long counter) {
    int length = write(sequenceNumber, counter);
    packet.parse(slab, 0, length);
    slot.onPacket(packet, SENT + 2_000_000, tally);
  }

  private int write(int sequenceNumber, long counter) {
    return write(sequenceNumber, counter, SENT);
  }

  private int write(int sequenceNumber, long counter, long sent) {
    var header = new RtpHeaderWriter();
    header.begin(slab, 0, Numbers.OPUS, false, sequenceNumber & 0xFFFF, 0, SSRC, false);
    int at = header.end() + 1;
    MediaStamp.write(slab, at, 0, counter, sent, 1, FLAGS, LENGTH);
    int filler = LENGTH - MediaStamp.BYTES;
    MemorySegment.copy(MediaStamp.FILLER, 0, slab, at + MediaStamp.BYTES, filler);
    return at + LENGTH;
  }

  @Test
  void countsWhatCameAcrossTheWrapOfSequenceNumbersAndHowLongItTook() {
    arrive(65_535, 10);
    arrive(65_536, 11);
    arrive(65_537, 12);

    assertEquals(3, slot.measured);
    assertEquals(0, slot.missing() + slot.misnumbered + slot.splices + slot.damaged);
    assertEquals(2.0, tally.measured().getMaxValue() / 1e6, 0.01);
  }

  @Test
  void seesWhatIsMissingReorderedOrThereTwice() {
    arrive(1, 1);
    arrive(4, 4);
    arrive(3, 3);
    arrive(3, 3);

    assertEquals(1, slot.missing());
    assertEquals(1, slot.reordered);
    assertEquals(1, slot.duplicates);
    assertEquals(3, slot.measured);
  }

  @Test
  void packetsLeftOutByTheServerAreASpliceAndGoingBackIsAnError() {
    arrive(1, 1);
    arrive(2, 5);
    assertEquals(1, slot.splices);
    assertEquals(0, slot.misnumbered);

    arrive(3, 3);
    assertEquals(1, slot.misnumbered);
  }

  @Test
  void whatWasSentBeforeTheClientCountedOrWhileItLeftIsNotCounted() {
    presence.end(SENT);
    int number = 1;
    for (long sent : new long[] {SENT - 2_000_000, SENT, SENT + Presence.NOTICE_NANOS}) {
      packet.parse(slab, 0, write(number, number, sent));
      slot.onPacket(packet, sent + 1, tally);
      number++;
    }

    assertEquals(3, slot.received);
    assertEquals(1, slot.measured);
  }

  @Test
  void oneChangedByteIsDamage() {
    int length = write(1, 1);
    byte last = slab.get(ValueLayout.JAVA_BYTE, length - 1);
    slab.set(ValueLayout.JAVA_BYTE, length - 1, (byte) ~last);
    packet.parse(slab, 0, length);
    slot.onPacket(packet, SENT + 2_000_000, tally);

    assertEquals(1, slot.damaged);
    assertEquals(0, slot.measured);
  }
}
