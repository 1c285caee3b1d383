package org.plenum.sfu.srtp;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Tag;

/// Random bytes never authenticate, never crash and never make state.
@Tag("fuzz")
class SrtpFuzzTest {
  private static final int LONGEST_DATAGRAM = 1500;

  @FuzzTest(maxDuration = "5s")
  void unprotect(FuzzedDataProvider data) {
    int headerLength = data.consumeInt(0, LONGEST_DATAGRAM);
    byte[] packet = data.consumeBytes(LONGEST_DATAGRAM);
    for (var profile : SrtpProfile.values()) {
      try (var peer = SrtpPeer.seeded(new LibcryptoBackend(), profile, 99)) {
        requireRefused(peer, peer.unprotect(packet, headerLength));
      }
    }
  }

  @FuzzTest(maxDuration = "5s")
  void unprotectRtcp(FuzzedDataProvider data) {
    byte[] packet = data.consumeBytes(LONGEST_DATAGRAM);
    for (var profile : SrtpProfile.values()) {
      try (var peer = SrtpPeer.seeded(new LibcryptoBackend(), profile, 99)) {
        requireRefused(peer, peer.unprotectRtcp(packet));
      }
    }
  }

  private static void requireRefused(SrtpPeer peer, int result) {
    if (result >= 0 || peer.ssrcs() != 0) {
      throw new AssertionError("random bytes gave " + result);
    }
  }
}
