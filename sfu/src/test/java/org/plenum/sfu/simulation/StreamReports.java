package org.plenum.sfu.simulation;

import static org.plenum.sfu.rtp.NetworkOrder.put16;
import static org.plenum.sfu.rtp.NetworkOrder.put32;
import static org.plenum.sfu.rtp.NetworkOrder.put8;

import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.plenum.sfu.rtp.SequenceNumbers;

/// A viewer's congestion control feedback as RFC 8888 has it: for each SSRC, of each packet since
/// the last report, whether and when it came.
final class StreamReports {
  static final long INTERVAL_MILLIS = 50;

  private static final int TRANSPORT_FEEDBACK = 205;
  private static final int FORMAT = 11;
  private static final int MOST_BYTES = 1_100;

  /// Somewhere before its clock wraps around.
  private static final long CLOCK_NANOS = 65_530_000_000_000L;

  private static final class Stream {
    final TreeMap<Long, Long> arrivals = new TreeMap<>();
    long highest;
    long next;
  }

  private final Map<Integer, Stream> streams = new LinkedHashMap<>();
  private long startNanos;

  void onPacket(int ssrc, int sequenceNumber, long nowNanos) {
    startNanos = streams.isEmpty() ? nowNanos : startNanos;
    Stream stream = streams.get(ssrc);
    if (stream == null) {
      stream = new Stream();
      stream.highest = 65_536L + sequenceNumber;
      stream.next = stream.highest;
      streams.put(ssrc, stream);
    }
    long unwrapped = SequenceNumbers.unwrap(sequenceNumber, stream.highest);
    stream.highest = Math.max(stream.highest, unwrapped);
    stream.arrivals.putIfAbsent(unwrapped, nowNanos);
  }

  /// Writes one RTCP packet.
  ///
  /// @return its bytes; 0 if there is nothing to report
  int write(MemorySegment slab, long offset, int ownSsrc, long nowNanos) {
    long reportNanos = CLOCK_NANOS + nowNanos - startNanos;
    long at = offset + 8;
    for (Map.Entry<Integer, Stream> entry : streams.entrySet()) {
      at = block(slab, at, entry.getKey(), entry.getValue(), nowNanos, offset + MOST_BYTES - at);
    }
    if (at == offset + 8) {
      return 0;
    }
    long seconds = reportNanos / 1_000_000_000L;
    long fraction = (reportNanos % 1_000_000_000L << 16) / 1_000_000_000L;
    put32(slab, at, (int) (seconds << 16 | fraction));
    int length = (int) (at + 4 - offset);
    put8(slab, offset, 0x80 | FORMAT);
    put8(slab, offset + 1, TRANSPORT_FEEDBACK);
    put16(slab, offset + 2, length / 4 - 1);
    put32(slab, offset + 4, ownSsrc);
    return length;
  }

  private static long block(
      MemorySegment slab, long at, int ssrc, Stream stream, long nowNanos, long room) {
    int count = (int) Math.min(stream.highest + 1 - stream.next, (room - 16) / 2);
    if (count <= 0) {
      return at;
    }
    put32(slab, at, ssrc);
    put16(slab, at + 4, (int) stream.next & 0xFFFF);
    put16(slab, at + 6, count);
    for (int i = 0; i < count; i++) {
      Long arrival = stream.arrivals.remove(stream.next++);
      int ago = arrival == null ? 0 : (int) ((nowNanos - arrival) * 1_024 / 1_000_000_000L);
      put16(slab, at + 8 + 2L * i, arrival == null ? 0 : 0x8000 | Math.min(ago, 0x1FFD));
    }
    put16(slab, at + 8 + 2L * count, 0);
    return at + 8 + (count + 1) / 2 * 4L;
  }
}
