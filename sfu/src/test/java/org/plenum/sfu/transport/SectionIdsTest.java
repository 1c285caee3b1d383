package org.plenum.sfu.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.Codec;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.Mid;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.TrackId;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.forward.PublisherClock;
import org.plenum.sfu.forward.Track;
import org.plenum.sfu.rtp.HeaderExtension;
import org.plenum.sfu.rtp.HeaderExtensionMap;
import org.plenum.sfu.rtp.RtpPacket;
import org.plenum.sfu.testclient.RtpBytes;

/// One header extension under another id in each section of a BUNDLE group (RFC 9143 §12), on the
/// media path.
class SectionIdsTest {
  private static final Codec VP8 =
      new Codec(CodecName.VP8, 96, 97, Set.of(Codec.Feedback.PLI), Map.of());

  /// A VP8 key frame's start without descriptor extensions (RFC 7741 §4.2).
  private static final byte[] PICTURE = {
    0x10, 0x50, 0, 0, (byte) 0x9d, 1, 0x2a, 64, 1, (byte) 0xf0, 0
  };

  private static final HeaderExtensionMap FIRST =
      new HeaderExtensionMap(
          Map.of(HeaderExtension.MID, 1, HeaderExtension.VIDEO_ORIENTATION, 3), true);
  private static final HeaderExtensionMap SECOND =
      new HeaderExtensionMap(
          Map.of(HeaderExtension.MID, 2, HeaderExtension.VIDEO_ORIENTATION, 4), true);
  private static final HeaderExtensionMap BOTH = HeaderExtensionMap.union(List.of(FIRST, SECOND));

  @Test
  void whatComesUnderEitherIdIsPassedOnUnderTheSlots() {
    byte[] rotation = {2};
    for (int received : new int[] {3, 4}) {
      for (HeaderExtensionMap slot : List.of(FIRST, SECOND)) {
        int sent = slot.id(HeaderExtension.VIDEO_ORIENTATION);
        var path = new PlainPath(VP8, BOTH, new Mid("5"), slot, sent);
        var publisher = path.publisher("p", VP8, 100);
        var built = publisher.send(PICTURE, Map.of(received, rotation), true);
        assertArrayEquals(rotation, built.extension(), received + " as " + sent);
      }
    }
  }

  @Test
  void nothingIsSentUnderAnotherSectionsId() {
    int other = FIRST.id(HeaderExtension.MID);
    var path = new PlainPath(VP8, BOTH, new Mid("5"), SECOND, other);
    assertNull(path.publisher("p", VP8, 100).send(PICTURE, Map.of(), true).extension());
  }

  @Test
  void aSlotsMidIsSentUnderItsSectionsId() {
    for (HeaderExtensionMap slot : List.of(FIRST, SECOND)) {
      var path = new PlainPath(VP8, BOTH, new Mid("5"), slot, slot.id(HeaderExtension.MID));
      var built = path.publisher("p", VP8, 100).send(PICTURE, Map.of(), true);
      assertArrayEquals(new byte[] {'5'}, built.extension());
    }
  }

  /// RFC 8285 §4.2: the one-byte form holds 16 bytes.
  @Test
  void aLongMidTakesTheTwoByteForm() {
    var mid = new Mid("m".repeat(64));
    int id = FIRST.id(HeaderExtension.MID);
    var path = new PlainPath(VP8, FIRST, mid, FIRST, id);
    var built = path.publisher("p", VP8, 100).send(PICTURE, Map.of(), true);
    assertEquals(mid.value(), new String(built.extension(), StandardCharsets.ISO_8859_1));

    var narrow = new HeaderExtensionMap(Map.of(HeaderExtension.MID, id));
    path = new PlainPath(VP8, narrow, mid, narrow, id);
    built = path.publisher("p", VP8, 100).send(PICTURE, Map.of(), true);
    assertNull(built.extension(), "forms may not be mixed: the SSRC must do");
  }

  @Test
  void aTrackIsFoundByItsMidUnderEitherId() {
    Track camera = track("0", TrackSource.CAMERA);
    Track screen = track("1", TrackSource.SCREEN);
    var sources = new Sources();
    sources.add(camera, List.of(), 1_000_000);
    sources.add(screen, List.of(), 1_000_000);
    assertSame(camera, sources.of(packet(7, Map.of(1, new byte[] {'0'})), BOTH).track());
    assertSame(screen, sources.of(packet(8, Map.of(2, new byte[] {'1'})), BOTH).track());
    assertNull(sources.of(packet(9, Map.of()), BOTH), "both have this payload type");
  }

  private static Track track(String mid, TrackSource source) {
    return new Track(
        new TrackId("t" + mid),
        new ParticipantId("p"),
        new Mid(mid),
        source,
        List.of(VP8),
        new PublisherClock());
  }

  private static RtpPacket packet(int ssrc, Map<Integer, byte[]> extensions) {
    byte[] bytes = RtpBytes.packet(96, true, 1, 1, ssrc, extensions, PICTURE);
    MemorySegment slab = Arena.ofAuto().allocate(bytes.length);
    MemorySegment.copy(bytes, 0, slab, ValueLayout.JAVA_BYTE, 0, bytes.length);
    var packet = new RtpPacket();
    assertEquals(true, packet.parse(slab, 0, bytes.length));
    return packet;
  }
}
