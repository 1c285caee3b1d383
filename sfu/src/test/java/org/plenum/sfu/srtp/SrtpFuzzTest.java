package org.plenum.sfu.srtp;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;

/// Random bytes never authenticate, never crash and never make state.
@Tag("fuzz")
class SrtpFuzzTest {
  private static final int LONGEST_DATAGRAM = 1500;
  private static final List<SrtpPeer> PEERS =
      Stream.of(SrtpProfile.values())
          .map(p -> SrtpPeer.seeded(SrtpPeer.backends().findFirst().orElseThrow(), p, 99))
          .toList();

  @FuzzTest(maxDuration = "5s")
  void unprotect(FuzzedDataProvider data) {
    int headerLength = data.consumeInt(0, LONGEST_DATAGRAM);
    byte[] packet = data.consumeBytes(LONGEST_DATAGRAM);
    for (var peer : PEERS) {
      requireRefused(peer, peer.unprotect(packet, headerLength));
    }
  }

  @FuzzTest(maxDuration = "5s")
  void unprotectRtcp(FuzzedDataProvider data) {
    byte[] packet = data.consumeBytes(LONGEST_DATAGRAM);
    for (var peer : PEERS) {
      requireRefused(peer, peer.unprotectRtcp(packet));
    }
  }

  private static void requireRefused(SrtpPeer peer, int result) {
    if (result >= 0 || peer.ssrcs() != 0) {
      throw new AssertionError("random bytes gave " + result);
    }
  }
}
