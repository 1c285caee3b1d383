package org.plenum.sfu.srtp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Thousands of packets each way between ours and jitsi-srtp, over a link that loses and reorders,
/// through many wraps of the sequence number.
class JitsiCrossCheckTest {
  private static final int BURSTS = 200;
  private static final int BURST = 20;
  private static final int[] SSRCS = {1, 0xFFFF_FFFF, 0x1234_5678};

  private record Sent(int ssrc, byte[] plain, byte[] secret) {}

  static java.util.stream.Stream<Arguments> kinds() {
    return SrtpPeer.kinds();
  }

  private interface Protector {
    byte[] protect(byte[] packet, long index) throws GeneralSecurityException;
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void weReadWhatJitsiSends(CryptoBackend backend, SrtpProfile profile) throws Exception {
    var keys = SrtpPeer.seededKeys(profile, 20);
    var jitsi = new JitsiOracle(true, profile, keys.receiveKey(), keys.receiveSalt());
    try (var peer = new SrtpPeer(backend, profile, keys)) {
      for (int ssrc : SSRCS) {
        for (var sent : link(21, ssrc, (packet, index) -> jitsi.protect(ssrc, packet))) {
          assertEquals(sent.plain.length, peer.unprotect(sent.secret));
          assertArrayEquals(sent.plain, peer.plain(sent.plain.length));
          assertEquals(SrtpReceiver.REPLAYED, peer.unprotect(sent.secret));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void jitsiReadsWhatWeSend(CryptoBackend backend, SrtpProfile profile) throws Exception {
    var keys = SrtpPeer.seededKeys(profile, 22);
    var jitsi = new JitsiOracle(false, profile, keys.sendKey(), keys.sendSalt());
    try (var peer = new SrtpPeer(backend, profile, keys)) {
      for (int ssrc : SSRCS) {
        for (var sent : link(23, ssrc, peer::protect)) {
          assertArrayEquals(sent.plain, jitsi.unprotect(ssrc, sent.secret));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void rtcpGoesBothWays(CryptoBackend backend, SrtpProfile profile) throws Exception {
    var keys = SrtpPeer.seededKeys(profile, 24);
    var sends = new JitsiOracle(true, profile, keys.receiveKey(), keys.receiveSalt());
    var receives = new JitsiOracle(false, profile, keys.sendKey(), keys.sendSalt());
    var random = new Random(25);
    try (var peer = new SrtpPeer(backend, profile, keys)) {
      for (int i = 0; i < 1_000; i++) {
        int ssrc = SSRCS[random.nextInt(SSRCS.length)];
        byte[] packet = SrtpPeer.rtcp(random, ssrc, random.nextInt(60));
        assertArrayEquals(packet, receives.unprotectRtcp(ssrc, peer.protectRtcp(packet)));
        assertEquals(packet.length, peer.unprotectRtcp(sends.protectRtcp(ssrc, packet)));
        assertArrayEquals(packet, peer.plain(packet.length));
      }
    }
  }

  /// Sends bursts with small gaps and long jumps between them, loses a tenth of the packets and
  /// reorders within a burst; the very first packet is kept, for it tells the round.
  private static List<Sent> link(long seed, int ssrc, Protector protector)
      throws GeneralSecurityException {
    var random = new Random(seed);
    var arrived = new ArrayList<Sent>();
    long index = 60_000;
    arrived.add(sent(random, ssrc, index, protector));
    for (int burst = 0; burst < BURSTS; burst++) {
      index = burst % 3 == 0 ? nextWrap(index) : index + random.nextInt(12_000);
      var inFlight = new ArrayList<Sent>();
      for (int i = 0; i < BURST; i++) {
        index += 1 + random.nextInt(3);
        inFlight.add(sent(random, ssrc, index, protector));
      }
      inFlight.removeIf(s -> random.nextInt(10) == 0);
      Collections.shuffle(inFlight, random);
      arrived.addAll(inFlight);
    }
    assertTrue(index >>> 16 > 10, "wrapped " + (index >>> 16) + " times");
    return arrived;
  }

  /// A little before the next wrap if a receiver can follow there (RFC 3711 §3.3.1), else halfway.
  private static long nextWrap(long index) {
    long wrap = (index | 0xFFFF) - BURST;
    return wrap - index < 30_000 ? Math.max(index, wrap) : index + 29_000;
  }

  private static Sent sent(Random random, int ssrc, long index, Protector protector)
      throws GeneralSecurityException {
    byte[] plain =
        SrtpPeer.rtp(
            random, ssrc, index, random.nextInt(3), random.nextBoolean(), 1 + random.nextInt(300));
    return new Sent(ssrc, plain, protector.protect(plain, index));
  }
}
