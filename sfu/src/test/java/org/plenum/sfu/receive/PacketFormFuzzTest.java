package org.plenum.sfu.receive;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.plenum.sfu.Codec;
import org.plenum.sfu.CodecName;

/// Bytes that another node sent.
@Tag("fuzz")
class PacketFormFuzzTest {
  private static final Codec VP9 = new Codec(CodecName.VP9, 98, 99, Set.of(), Map.of());

  /// What is taken has its places within the packet.
  @FuzzTest(maxDuration = "10s")
  void nothingThatIsTakenPointsOutside(FuzzedDataProvider data) {
    byte[] bytes = data.consumeRemainingAsBytes();
    var ring = new PacketRing(4_096, 4);
    PacketForm.Outcome outcome =
        PacketForm.read(MemorySegment.ofArray(bytes), 0, bytes.length, _ -> VP9, ring, 1);
    if (outcome != PacketForm.Outcome.TAKEN) {
      assertTrue(!ring.next());
      return;
    }
    assertTrue(ring.next());
    ring.extension(0);
    try (var cache = new PacketCache(1 << 16, 16)) {
      int entry = ring.copyInto(cache, 1);
      if (entry == PacketCache.NOT_FOUND) {
        return; // too old a number
      }
      int bits = cache.pictureIdBits(entry);
      int idEnd = bits == 0 ? 0 : cache.pictureIdOffset(entry) + (bits == 15 ? 2 : 1);
      int tl0End = cache.tl0PicIdx(entry) < 0 ? 0 : cache.tl0PicIdxOffset(entry) + 1;
      assertTrue(idEnd <= cache.payloadLength(entry) && tl0End <= cache.payloadLength(entry));
      int numberAt = cache.frameNumberOffset(entry);
      assertTrue(numberAt < 0 || numberAt + 2 <= cache.extensionsLength(entry));
      cache.frameNumber(entry);
    }
  }
}
