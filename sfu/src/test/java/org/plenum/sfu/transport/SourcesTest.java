package org.plenum.sfu.transport;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
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

/// A peer's SSRCs, with the mid extension and without (RFC 9143 §9.2).
class SourcesTest {
  private static final int MID_ID = 4;
  private static final HeaderExtensionMap MIDS =
      new HeaderExtensionMap(Map.of(HeaderExtension.MID, MID_ID));
  private static final Codec OPUS =
      new Codec(CodecName.OPUS, 111, Codec.NO_RTX, Set.of(), Map.of());
  private static final Codec VP8 = new Codec(CodecName.VP8, 96, 97, Set.of(), Map.of());

  private final Sources sources = new Sources();
  private final Track sound = track("0", TrackSource.MICROPHONE, OPUS);
  private final Track picture = track("1", TrackSource.CAMERA, VP8);

  private static Track track(String mid, TrackSource source, Codec codec) {
    return new Track(
        new TrackId("t" + mid),
        new ParticipantId("p"),
        new Mid(mid),
        source,
        List.of(codec),
        new PublisherClock());
  }

  private Sources.@Nullable Source of(int ssrc, int payloadType, @Nullable String mid) {
    return of(ssrc, payloadType, mid, new byte[] {1, 2, 3});
  }

  private Sources.@Nullable Source of(
      int ssrc, int payloadType, @Nullable String mid, byte[] payload) {
    Map<Integer, byte[]> data =
        mid == null ? Map.of() : Map.of(MID_ID, mid.getBytes(StandardCharsets.US_ASCII));
    byte[] bytes = RtpBytes.packet(payloadType, true, 1, 2, ssrc, data, payload);
    var packet = new RtpPacket();
    assertTrue(packet.parse(MemorySegment.ofArray(bytes), 0, bytes.length));
    return sources.of(packet, MIDS);
  }

  @Test
  void withoutMidsThePayloadTypeTellsTheSectionOfAnotherSsrc() {
    sources.add(sound, List.of(1), 1_000_000);
    sources.add(picture, List.of(2, 3), 1_000_000);
    assertSame(sound, assertNotNull(of(10, 111, null)).track());
    assertSame(picture, assertNotNull(of(20, 96, null)).track());
    Sources.Source rtx = assertNotNull(of(30, 97, null));
    assertSame(picture, rtx.track());
    assertTrue(rtx.isRtx());
    assertNull(of(40, 100, null));
  }

  @Test
  void paddingTakesNobodysPlace() {
    sources.add(picture, List.of(2), 1_000_000);
    assertNull(of(20, 96, null, new byte[0]));
  }

  @Test
  void payloadTypeThatTwoSectionsHaveTellsNothing() {
    sources.add(picture, List.of(2), 1_000_000);
    sources.add(track("2", TrackSource.SCREEN, VP8), List.of(5), 1_000_000);
    assertNull(of(20, 96, null));
  }

  @Test
  void whoNamesSectionsIsTakenAtTheirWord() {
    sources.add(picture, List.of(), 1_000_000);
    assertSame(picture, assertNotNull(of(20, 96, "1")).track());
    assertNull(of(21, 96, null));
    assertSame(picture, assertNotNull(of(22, 96, "1")).track());
  }

  @Test
  void ssrcThatEndedDoesNotComeBack() {
    sources.add(picture, List.of(2), 1_000_000);
    assertFalse(assertNotNull(of(20, 96, null)).ended());
    sources.end(picture, 2);
    assertTrue(assertNotNull(of(2, 96, null)).ended());
  }

  private static <T> T assertNotNull(@Nullable T value) {
    org.junit.jupiter.api.Assertions.assertNotNull(value);
    return value;
  }
}
