package org.plenum.sfu.transport;

import java.lang.foreign.MemorySegment;
import org.plenum.sfu.Codec;
import org.plenum.sfu.forward.Omitted;
import org.plenum.sfu.forward.Splice;
import org.plenum.sfu.receive.PacketCache;
import org.plenum.sfu.red.RedWriter;

/// Puts earlier packets of sound before one that is being built (RFC 2198), out of the layer's
/// cache. Only those of the slot's present splice: what another publisher said, or this one before
/// the slot was bound to it, is never repeated. Reusable; worker's thread only.
final class SoundRepeater {
  /// So that a datagram stays below 1200 bytes.
  private static final int MOST_PAYLOAD_BYTES = 1_100;

  private final RedWriter writer = new RedWriter();
  private int payloadLength;

  /// Finds out which of the packets before this one can be repeated.
  ///
  /// @param most how many to repeat
  /// @param codec the viewer's
  /// @param omittedBefore what the slot left out of the layer before the packet
  /// @param entry of the packet in the layer's cache
  /// @return bytes that [#write] will put before the payload; 0 if it is to go alone
  int gather(int most, Codec codec, Splice splice, long source, long omittedBefore, int entry) {
    PacketCache cache = splice.layer().cache();
    payloadLength = cache.payloadLength(entry);
    if (payloadLength == 0) {
      return 0;
    }
    writer.begin(codec.payloadType(), cache.timestamp(entry));
    long first = splice.firstSource() + Omitted.packets(omittedBefore);
    for (long number = Math.max(first, source - most); number < source; number++) {
      int earlier = cache.find(number);
      if (earlier != PacketCache.NOT_FOUND
          && !splice.layer().sound().isLeftOut(number)
          && cache.codec(earlier) == cache.codec(entry)) {
        writer.add(
            cache.bytes(),
            cache.payloadOffset(earlier),
            cache.payloadLength(earlier),
            cache.timestamp(earlier));
      }
    }
    return writer.lengthBefore(payloadLength, MOST_PAYLOAD_BYTES);
  }

  /// Writes what [#gather] announced.
  void write(MemorySegment out, long offset) {
    writer.writeBefore(payloadLength, out, offset, MOST_PAYLOAD_BYTES);
  }
}
