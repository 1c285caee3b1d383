package org.plenum.sfu.srtp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.plenum.sfu.Garbage;

/// The packet path leaves no garbage.
class SrtpAllocationTest {
  private static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final int PAYLOAD = 1100;
  private static final int PACKETS = 40_000;

  private long index;

  @ParameterizedTest
  @EnabledIf("org.plenum.sfu.srtp.Libcrypto#isPresent") // JCE makes no such promise
  @EnumSource(SrtpProfile.class)
  void protectAndUnprotectAllocateNothing(SrtpProfile profile) {
    var keys = SrtpPeer.seededKeys(profile, 1);
    var factory = SrtpFactory.selfTested(List.of(new LibcryptoBackend()));
    try (var arena = Arena.ofConfined();
        var sender = factory.sender(keys);
        var receiver = factory.receiver(keys)) {
      var slab = arena.allocate(2048);
      var cache = arena.allocate(2048);
      slab.set(ValueLayout.JAVA_BYTE, 0, (byte) 0x80);
      var stream = sender.stream(0);
      long bytes = Garbage.ofCalmest(() -> run(stream, receiver, slab, cache));
      assertEquals(0, bytes, "bytes for " + PACKETS + " packets");
    }
  }

  private void run(
      SrtpSender.Stream stream, SrtpReceiver receiver, MemorySegment slab, MemorySegment cache) {
    for (int i = 0; i < PACKETS; i++, index++) {
      slab.set(U16, 2, (short) index);
      int length = stream.protect(slab, 0, 12, 6, cache, 0, PAYLOAD, index);
      assertEquals(12 + 6 + PAYLOAD, receiver.unprotect(slab, 0, length, 12));
    }
  }
}
