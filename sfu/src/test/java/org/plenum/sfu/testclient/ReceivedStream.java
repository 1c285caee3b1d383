package org.plenum.sfu.testclient;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.plenum.sfu.rtp.RtpPacket;
import org.plenum.sfu.rtp.Rtx;
import org.plenum.sfu.rtp.SequenceNumbers;

/// What came for one slot, by its unwrapped sequence numbers, retransmissions in their places.
public final class ReceivedStream {
  /// A sender report as received.
  public record SenderReport(long ntp, int rtpTimestamp, long arrivalNanos) {}

  private static final long NACK_INTERVAL_NANOS = 20_000_000L;

  /// Older numbers are not in the SFU's cache any more.
  private static final int RECENT = 400;

  public final int ssrc;
  private final TreeMap<Long, ReceivedPacket> packets = new TreeMap<>();
  public final List<SenderReport> senderReports = new ArrayList<>();
  private long nextNackNanos = System.nanoTime();
  public int duplicates;
  public int retransmitted;

  /// Padding, and packets that were sent again though they had come: probes for bandwidth.
  public int probes;

  /// Bound packets that get lost on their way to us from now on.
  public int losePackets;

  ReceivedStream(int ssrc) {
    this.ssrc = ssrc;
  }

  void onPacket(RtpPacket packet, long nowNanos) {
    enter(packet, packet.sequenceNumber(), 0, nowNanos);
  }

  void onRetransmission(RtpPacket packet, long nowNanos) {
    if (packet.payloadLength() < Rtx.HEADER_BYTES) {
      probes++;
    } else if (!packets.isEmpty()) {
      boolean isNew = enter(packet, Rtx.originalSequenceNumber(packet), Rtx.HEADER_BYTES, nowNanos);
      retransmitted += isNew ? 1 : 0;
      probes += isNew ? 0 : 1;
    }
  }

  /// @return false if it was there
  private boolean enter(RtpPacket packet, int sequenceNumber, int skip, long nowNanos) {
    long number =
        packets.isEmpty()
            ? sequenceNumber
            : SequenceNumbers.unwrap(sequenceNumber, packets.lastKey());
    boolean isNew =
        packets.putIfAbsent(number, ReceivedPacket.of(packet, number, skip, nowNanos)) == null;
    duplicates += isNew || skip > 0 ? 0 : 1;
    return isNew;
  }

  /// All packets, in order of their sequence numbers.
  public List<ReceivedPacket> packets() {
    return List.copyOf(packets.values());
  }

  public int count() {
    return packets.size();
  }

  public boolean isEmpty() {
    return packets.isEmpty();
  }

  public ReceivedPacket last() {
    return packets.lastEntry().getValue();
  }

  public ReceivedPacket first() {
    return packets.firstEntry().getValue();
  }

  /// Whether a key frame began behind this packet.
  public boolean hasKeyFrameSince(long number) {
    return packets.tailMap(number, false).values().stream()
        .anyMatch(packet -> packet.descriptor().isKeyFrameStart());
  }

  /// Sequence numbers between the first and the last that did not come.
  public long missing() {
    return packets.isEmpty() ? 0 : packets.lastKey() - packets.firstKey() + 1 - packets.size();
  }

  /// What to ask for now, in ascending order: every recent number that did not come, however often
  /// it was asked for. A receiver that gives up would make the tests depend on how this machine's
  /// threads get on.
  ///
  /// @return how many it put into `into`
  int pollMissing(long nowNanos, int[] into) {
    if (missing() == 0 || nowNanos - nextNackNanos < 0) {
      return 0;
    }
    nextNackNanos = nowNanos + NACK_INTERVAL_NANOS;
    int count = 0;
    long first = Math.max(packets.firstKey(), packets.lastKey() - RECENT);
    for (long number = first; number < packets.lastKey() && count < into.length; number++) {
      if (!packets.containsKey(number)) {
        into[count++] = (int) number & 0xFFFF;
      }
    }
    return count;
  }

  /// Numbers of those frames of a source of which every packet came.
  public List<Integer> completeFrames(int source) {
    Map<Integer, Integer> parts = new TreeMap<>();
    Map<Integer, Integer> counts = new HashMap<>();
    for (ReceivedPacket packet : packets.values()) {
      ReceivedPacket.Tag tag = packet.tag();
      if (tag.source() == source) {
        parts.merge(tag.frame(), 1, Integer::sum);
        counts.put(tag.frame(), tag.count());
      }
    }
    List<Integer> complete = new ArrayList<>();
    parts.forEach(
        (frame, got) -> {
          if (got.equals(counts.get(frame))) {
            complete.add(frame);
          }
        });
    return complete;
  }
}
