package org.plenum.sfu.srtp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.sfu.srtp.SrtpPeer.SSRC;
import static org.plenum.sfu.srtp.SrtpPeer.rtcp;
import static org.plenum.sfu.srtp.SrtpPeer.rtp;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What every back end and profile must do alike.
class SrtpContractTest {
  static java.util.stream.Stream<Arguments> kinds() {
    return SrtpPeer.kinds();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void giveBackWhatWasProtected(CryptoBackend backend, SrtpProfile profile) {
    var random = new Random(1);
    try (var peer = SrtpPeer.seeded(backend, profile, 1)) {
      for (int i = 0; i < 200; i++) {
        int payload = i == 0 ? 0 : random.nextInt(1200);
        byte[] packet = rtp(random, SSRC, i, random.nextInt(4), random.nextBoolean(), payload);
        byte[] secret = peer.protect(packet, i, payload == 0 ? 0 : random.nextInt(payload));
        assertEquals(packet.length + profile.rtpTagBytes(), secret.length);
        assertEquals(packet.length, peer.unprotect(secret));
        assertArrayEquals(packet, peer.plain(packet.length));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void writeTheSameBytesWhereverThePayloadIsSplit(CryptoBackend backend, SrtpProfile profile) {
    byte[] packet = rtp(3, 7);
    byte[] whole;
    try (var peer = SrtpPeer.seeded(backend, profile, 1)) {
      whole = peer.protect(packet, 7);
    }
    for (int prefix = 1; prefix <= packet.length - 12; prefix++) {
      try (var peer = SrtpPeer.seeded(backend, profile, 1)) {
        assertArrayEquals(whole, peer.protect(packet, 7, prefix));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void giveBackCompoundRtcp(CryptoBackend backend, SrtpProfile profile) {
    var random = new Random(2);
    try (var peer = SrtpPeer.seeded(backend, profile, 2)) {
      for (int words = 0; words < 100; words++) {
        byte[] packet = rtcp(random, SSRC + words % 3, words);
        byte[] secret = peer.protectRtcp(packet);
        assertEquals(packet.length + profile.rtcpTagBytes() + 4, secret.length);
        assertEquals(packet.length, peer.unprotectRtcp(secret));
        assertArrayEquals(packet, peer.plain(packet.length));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void refuseReplays(CryptoBackend backend, SrtpProfile profile) {
    try (var peer = SrtpPeer.seeded(backend, profile, 3)) {
      byte[] first = peer.protect(rtp(1, 5), 5);
      byte[] far = peer.protect(rtp(2, 5 + IndexWindow.SIZE), 5 + IndexWindow.SIZE);
      byte[] report = peer.protectRtcp(rtcp(new Random(1), SSRC, 4));
      assertTrue(peer.unprotect(first) > 0);
      assertEquals(SrtpReceiver.REPLAYED, peer.unprotect(first));
      assertTrue(peer.unprotect(far) > 0);
      assertEquals(SrtpReceiver.REPLAYED, peer.unprotect(first)); // now too old to tell
      assertTrue(peer.unprotectRtcp(report) > 0);
      assertEquals(SrtpReceiver.REPLAYED, peer.unprotectRtcp(report));
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void takePackets128BehindInAnyOrder(CryptoBackend backend, SrtpProfile profile) {
    try (var peer = SrtpPeer.seeded(backend, profile, 4)) {
      byte[][] packets = new byte[129][];
      for (int i = 0; i < packets.length; i++) {
        packets[i] = peer.protect(rtp(i, 65_500 + i), 65_500 + i); // across the wrap
      }
      assertTrue(peer.unprotect(packets[0]) > 0); // so that the round is known
      for (int i = packets.length - 1; i > 0; i--) {
        assertEquals(52, peer.unprotect(packets[i]));
        assertArrayEquals(rtp(i, 65_500 + i), peer.plain(52));
      }
    }
  }

  /// Any flipped bit must show, whatever it hits, and none may leave a trace: each original is
  /// still taken afterwards, and its replay still refused.
  @ParameterizedTest
  @MethodSource("kinds")
  void forgedRtpLeavesNoState(CryptoBackend backend, SrtpProfile profile) {
    try (var peer = SrtpPeer.seeded(backend, profile, 5)) {
      byte[] first = peer.protect(rtp(1, 65_535), 65_535);
      byte[] second = peer.protect(rtp(2, 65_536), 65_536);
      assertAllFlipsRefused(first, peer);
      assertEquals(0, peer.ssrcs());
      assertTrue(peer.unprotect(first) > 0);
      assertAllFlipsRefused(second, peer);
      assertAllFlipsRefused(first, peer);
      assertEquals(1, peer.ssrcs());
      assertTrue(peer.unprotect(second) > 0);
      assertEquals(SrtpReceiver.REPLAYED, peer.unprotect(first));
    }
  }

  private static void assertAllFlipsRefused(byte[] packet, SrtpPeer peer) {
    for (int bit = 0; bit < packet.length * 8; bit++) {
      byte[] forged = packet.clone();
      forged[bit / 8] ^= (byte) (1 << bit % 8);
      assertTrue(peer.unprotect(forged, 12) < 0, "bit " + bit);
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void forgedRtcpLeavesNoState(CryptoBackend backend, SrtpProfile profile) {
    try (var peer = SrtpPeer.seeded(backend, profile, 6)) {
      byte[] report = peer.protectRtcp(rtcp(new Random(1), SSRC, 6));
      for (int bit = 0; bit < report.length * 8; bit++) {
        byte[] forged = report.clone();
        forged[bit / 8] ^= (byte) (1 << bit % 8);
        assertTrue(peer.unprotectRtcp(forged) < 0, "bit " + bit);
      }
      assertEquals(0, peer.ssrcs());
      assertTrue(peer.unprotectRtcp(report) > 0);
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void namesForgeryForWhatItIs(CryptoBackend backend, SrtpProfile profile) {
    try (var peer = SrtpPeer.seeded(backend, profile, 7);
        var stranger = SrtpPeer.seeded(backend, profile, 8)) {
      assertEquals(SrtpReceiver.FORGED, peer.unprotect(stranger.protect(rtp(1, 1), 1)));
      byte[] report = stranger.protectRtcp(rtcp(new Random(1), SSRC, 6));
      assertEquals(SrtpReceiver.FORGED, peer.unprotectRtcp(report));
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void refuseAnIndexThatWasUsed(CryptoBackend backend, SrtpProfile profile) {
    try (var peer = SrtpPeer.seeded(backend, profile, 9)) {
      peer.protect(rtp(1, 1000), 1000);
      peer.protect(rtp(1, 998), 998); // late, but never used
      for (int index : new int[] {1000, 998}) {
        byte[] changed = rtp(2, index);
        assertEquals(SrtpSender.INDEX_USED, peer.tryProtect(changed, index, 5));
        assertArrayEquals(Arrays.copyOf(changed, 17), peer.written(17)); // as the caller left it
        assertEquals(0x55, peer.written(18)[17]);
      }
      peer.protect(rtp(1, 70_000), 70_000);
      int tooOld = 70_000 - IndexWindow.SIZE;
      assertEquals(SrtpSender.INDEX_USED, peer.tryProtect(rtp(2, tooOld), tooOld, 0));
      assertTrue(peer.tryProtect(rtp(2, tooOld + 1), tooOld + 1, 0) > 0);
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void keepOneStateForEachSsrcSent(CryptoBackend backend, SrtpProfile profile) {
    try (var peer = SrtpPeer.seeded(backend, profile, 10)) {
      assertSame(peer.sender.stream(SSRC), peer.sender.stream(SSRC));
      for (int i = 0; i < CipherSender.MAX_STREAMS - 1; i++) {
        peer.sender.stream(i);
      }
      assertThrows(IllegalStateException.class, () -> peer.sender.stream(-7));
      assertSame(peer.sender.stream(SSRC), peer.sender.stream(SSRC));
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void refuseAHeaderThatIsNotOfThisIndex(CryptoBackend backend, SrtpProfile profile) {
    try (var peer = SrtpPeer.seeded(backend, profile, 11)) {
      assertThrows(IllegalStateException.class, () -> peer.tryProtect(rtp(1, 1), 2, 0));
      assertThrows(IllegalStateException.class, () -> peer.tryProtect(rtp(1, -1), -1, 0));
      assertTrue(peer.tryProtect(rtp(1, 2), 2, 0) > 0); // a refused index is not used up
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void takeSixtyFourSsrcsAndNoMore(CryptoBackend backend, SrtpProfile profile) {
    var random = new Random(12);
    try (var peer = SrtpPeer.seeded(backend, profile, 12)) {
      for (int ssrc = 0; ssrc < SrtpReceiver.MAX_SSRCS; ssrc++) {
        byte[] packet = rtp(random, ssrc, 1, 0, false, 10);
        assertTrue(peer.unprotect(peer.protect(packet, 1)) > 0);
      }
      byte[] extra = peer.protect(rtp(random, 1000, 1, 0, false, 10), 1);
      byte[] extraReport = peer.protectRtcp(rtcp(random, 1000, 2));
      assertEquals(SrtpReceiver.TOO_MANY_SSRCS, peer.unprotect(extra));
      assertEquals(SrtpReceiver.TOO_MANY_SSRCS, peer.unprotectRtcp(extraReport));
      assertEquals(SrtpReceiver.MAX_SSRCS, peer.ssrcs());
      assertTrue(peer.unprotectRtcp(peer.protectRtcp(rtcp(random, 63, 2))) > 0);
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void truncatedPacketsAreRefused(CryptoBackend backend, SrtpProfile profile) {
    try (var peer = SrtpPeer.seeded(backend, profile, 13)) {
      byte[] packet = peer.protect(rtp(1, 1), 1);
      byte[] report = peer.protectRtcp(rtcp(new Random(1), SSRC, 4));
      for (int length = 0; length < packet.length; length++) {
        boolean hasTag = length >= 12 + profile.rtpTagBytes();
        assertEquals(
            hasTag ? SrtpReceiver.FORGED : SrtpReceiver.MALFORMED,
            peer.unprotect(Arrays.copyOf(packet, length), 12));
      }
      for (int length = 0; length < report.length; length++) {
        int result = peer.unprotectRtcp(Arrays.copyOf(report, length));
        boolean hasTag = length >= 8 + 4 + profile.rtcpTagBytes();
        assertEquals(hasTag ? SrtpReceiver.FORGED : SrtpReceiver.MALFORMED, result);
      }
      assertEquals(0, peer.ssrcs());
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aHeaderThatReachesIntoTheTagIsMalformed(CryptoBackend backend, SrtpProfile profile) {
    try (var peer = SrtpPeer.seeded(backend, profile, 14)) {
      byte[] packet = peer.protect(rtp(1, 1), 1);
      int plainLength = packet.length - profile.rtpTagBytes();
      assertEquals(SrtpReceiver.MALFORMED, peer.unprotect(packet, plainLength + 1));
      assertEquals(SrtpReceiver.MALFORMED, peer.unprotect(packet, 11));
      assertEquals(SrtpReceiver.FORGED, peer.unprotect(packet, plainLength));
      assertEquals(plainLength, peer.unprotect(packet, 12));
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void nothingWorksAfterClose(CryptoBackend backend, SrtpProfile profile) {
    try (var peer = SrtpPeer.seeded(backend, profile, 15)) {
      byte[] packet = peer.protect(rtp(1, 1), 1);
      byte[] report = peer.protectRtcp(rtcp(new Random(1), SSRC, 4));
      peer.sender.close();
      peer.receiver.close();
      assertThrows(IllegalStateException.class, () -> peer.protect(rtp(1, 2), 2));
      assertThrows(IllegalStateException.class, () -> peer.protectRtcp(report));
      assertThrows(IllegalStateException.class, () -> peer.unprotect(packet));
      assertThrows(IllegalStateException.class, () -> peer.unprotectRtcp(report));
      peer.sender.close(); // idempotent
      peer.receiver.close();
    }
  }
}
