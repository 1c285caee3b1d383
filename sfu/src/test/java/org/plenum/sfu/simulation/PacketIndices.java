package org.plenum.sfu.simulation;

import static org.plenum.sfu.rtp.NetworkOrder.u16;

import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.plenum.sfu.rtp.SequenceNumbers;

/// Which packet indices the server has used under the key of one peer, whether its port took the
/// packet or not: none may ever be used twice, or the nonce of GCM is (RFC 7714 §8, RFC 3711
/// §9.1); and none is so far ahead of the one before that a receiver would take it for an old one.
final class PacketIndices {
  private static final int NUMBERS = 1 << 16;
  private static final int MOST_JUMP = 1 << 15;

  private final Map<Integer, Numbers> bySsrc = new HashMap<>();
  private final Map<Integer, Integer> reports = new HashMap<>();

  /// The latest 65 536 indices of an SSRC.
  private static final class Numbers {
    final BitSet used = new BitSet(NUMBERS);
    long highest = -1;

    /// Numbers below the highest that were passed over and not used since.
    long missing;
  }

  /// An SRTP or SRTCP packet, protected by GCM.
  void onDatagram(byte[] datagram) {
    MemorySegment bytes = MemorySegment.ofArray(datagram);
    if (SimulatedPeer.isRtcp(datagram)) {
      onReport(int32(bytes, 4), int32(bytes, datagram.length - 4) & 0x7FFF_FFFF);
    } else {
      onPacket(int32(bytes, 8), u16(bytes, 2));
    }
  }

  private static int int32(MemorySegment bytes, int at) {
    return u16(bytes, at) << 16 | u16(bytes, at + 2);
  }

  private void onReport(int ssrc, int index) {
    Integer before = reports.put(ssrc, index);
    if (before != null && index <= before) {
      throw new AssertionError("SRTCP index " + index + " of " + ssrc + " follows " + before);
    }
  }

  private void onPacket(int ssrc, int sequenceNumber) {
    Numbers numbers = bySsrc.computeIfAbsent(ssrc, _ -> new Numbers());
    if (numbers.highest < 0) {
      numbers.highest = NUMBERS + sequenceNumber - 1L;
    }
    long index = SequenceNumbers.unwrap(sequenceNumber, numbers.highest);
    if (index > numbers.highest) {
      long jump = index - numbers.highest;
      if (jump >= MOST_JUMP) {
        throw new AssertionError("numbers of " + ssrc + " jump ahead by " + jump);
      }
      for (long passed = numbers.highest + 1; passed < index; passed++) {
        numbers.used.clear((int) passed & NUMBERS - 1);
      }
      numbers.missing += jump - 1;
      numbers.highest = index;
    } else if (numbers.used.get(sequenceNumber)) {
      throw new AssertionError("index " + index + " of " + ssrc + " is used twice");
    } else {
      numbers.missing--;
    }
    numbers.used.set(sequenceNumber);
  }

  /// How many numbers of all streams were passed over and have not been used since.
  long missing() {
    return bySsrc.values().stream().mapToLong(numbers -> numbers.missing).sum();
  }
}
