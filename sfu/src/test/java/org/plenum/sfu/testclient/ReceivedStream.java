package org.plenum.sfu.testclient;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.plenum.sfu.receive.NackGenerator;
import org.plenum.sfu.rtp.RtpPacket;
import org.plenum.sfu.rtp.Rtx;
import org.plenum.sfu.rtp.SequenceNumbers;

/// What came for one slot, by its unwrapped sequence numbers, retransmissions in their places.
public final class ReceivedStream {
  /// A sender report as received.
  public record SenderReport(long ntp, int rtpTimestamp, long arrivalNanos) {}

  public final int ssrc;
  final NackGenerator nacks = new NackGenerator();
  private final TreeMap<Long, ReceivedPacket> packets = new TreeMap<>();
  public final List<SenderReport> senderReports = new ArrayList<>();
  public int duplicates;
  public int retransmitted;

  /// Bound packets that get lost on their way to us from now on.
  public int losePackets;

  ReceivedStream(int ssrc) {
    this.ssrc = ssrc;
  }

  void onPacket(RtpPacket packet, long nowNanos) {
    enter(packet, packet.sequenceNumber(), 0, nowNanos);
  }

  void onRetransmission(RtpPacket packet, long nowNanos) {
    if (!packets.isEmpty()) {
      retransmitted++;
      enter(packet, Rtx.originalSequenceNumber(packet), Rtx.HEADER_BYTES, nowNanos);
    }
  }

  private void enter(RtpPacket packet, int sequenceNumber, int skip, long nowNanos) {
    long number =
        packets.isEmpty()
            ? sequenceNumber
            : SequenceNumbers.unwrap(sequenceNumber, packets.lastKey());
    nacks.onPacket(number, nowNanos);
    if (packets.putIfAbsent(number, ReceivedPacket.of(packet, number, skip, nowNanos)) != null) {
      duplicates++;
    }
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

  /// Sequence numbers between the first and the last that did not come.
  public long missing() {
    return packets.isEmpty() ? 0 : packets.lastKey() - packets.firstKey() + 1 - packets.size();
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
