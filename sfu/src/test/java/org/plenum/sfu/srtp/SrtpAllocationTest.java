package org.plenum.sfu.srtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The packet path leaves no garbage.
class SrtpAllocationTest {
  private static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final int PAYLOAD = 1100;
  private static final int PACKETS = 40_000;

  private long index;

  @ParameterizedTest
  @EnumSource(SrtpProfile.class)
  void protectAndUnprotectAllocateNothing(SrtpProfile profile) {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    var keys = SrtpPeer.seededKeys(profile, 1);
    var factory = SrtpFactory.selfTested(List.of(new LibcryptoBackend()));
    try (var arena = Arena.ofConfined();
        var sender = factory.sender(keys);
        var receiver = factory.receiver(keys)) {
      var slab = arena.allocate(2048);
      var cache = arena.allocate(2048);
      slab.set(ValueLayout.JAVA_BYTE, 0, (byte) 0x80);
      var stream = sender.stream(0);
      run(stream, receiver, slab, cache); // compiled by then, and the SSRC is known
      long before = threads.getCurrentThreadAllocatedBytes();
      run(stream, receiver, slab, cache);
      long bytes = threads.getCurrentThreadAllocatedBytes() - before;
      // The compiler may still swap code in between; one object for each packet would be 640 000.
      assertTrue(bytes < PACKETS, bytes + " bytes for " + PACKETS + " packets");
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
