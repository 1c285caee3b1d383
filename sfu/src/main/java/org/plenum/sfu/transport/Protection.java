package org.plenum.sfu.transport;

import static org.plenum.sfu.rtp.NetworkOrder.u16;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.port.SendBatch;
import org.plenum.sfu.fec.FecPolicy;
import org.plenum.sfu.fec.FlexFecEncoder;
import org.plenum.sfu.srtp.SrtpSender;

/// The repair packets (flexfec-03) of one viewer's video slot: whether there are any, and the group
/// of packets that the next one protects. They have an SSRC and numbers of their own. Worker's
/// thread only.
final class Protection {
  private static final long SECOND_NANOS = 1_000_000_000L;

  final int ssrc;

  /// Null before the viewer's keys are known, and until the first is needed.
  private SrtpSender.@Nullable Stream stream;

  private final FecPolicy policy = new FecPolicy();
  private int payloadType;
  private long nextSequenceNumber;

  /// Null until it was needed once.
  private @Nullable FlexFecEncoder encoder;

  /// Sequence number of the group's first packet.
  private int firstNumber;

  private int groupSize;
  private long videoBps;
  private int packets;
  private long lookedNanos;

  /// @param payloadType negative: the viewer takes none at present
  /// @param firstSequenceNumber 1 to 2^15 - 1 (RFC 3711 §3.3.1)
  Protection(int ssrc, int payloadType, int firstSequenceNumber) {
    this.ssrc = ssrc;
    this.payloadType = payloadType;
    this.nextSequenceNumber = firstSequenceNumber;
  }

  void payloadType(int renegotiated) {
    payloadType = renegotiated;
  }

  int payloadType() {
    return payloadType;
  }

  /// What the slot takes without repair packets, bit/s.
  void videoBps(long bitrateBps) {
    videoBps = bitrateBps;
  }

  /// What the repair packets take now, bit/s.
  long costBps() {
    return (long) (videoBps * overhead());
  }

  /// The same as a part of what the slot takes without.
  double overhead() {
    return groupSize == 0 ? 0 : 1.0 / groupSize;
  }

  /// Decides anew whether repair packets pay, and how many.
  ///
  /// @param loss of what the viewer was sent lately, 0 to 1
  /// @param spareBps what the estimate leaves beside everything else; 0 without an estimate
  void review(double loss, long roundTripNanos, long spareBps, long nowNanos) {
    policy.onReport(loss, roundTripNanos, spareBps, videoBps, nowNanos);
    int size = payloadType < 0 ? 0 : policy.groupSize();
    long passedNanos = nowNanos - lookedNanos;
    // A group that takes longer than a round trip to fill helps later than asking again does.
    boolean isSoon = size * Math.min(passedNanos, SECOND_NANOS) <= packets * roundTripNanos;
    packets = 0;
    lookedNanos = nowNanos;
    int before = groupSize;
    groupSize = isSoon ? Math.min(size, FlexFecEncoder.MOST_PACKETS) : 0;
    if (before == 0 && groupSize > 0) {
      beginGroup();
    }
  }

  /// A packet of the slot is being built, for the first time: it may belong to the group.
  void onPacket() {
    packets++;
  }

  boolean isOn() {
    return groupSize > 0;
  }

  /// Adds a packet to the group; it lies in two places and is not encrypted.
  void add(
      int mediaSsrc,
      MemorySegment slab,
      long offset,
      int length,
      MemorySegment rest,
      long restOffset,
      int restLength) {
    FlexFecEncoder group = encoder;
    if (group == null) {
      group = new FlexFecEncoder(Arena.ofAuto().allocate(SendBatch.SLOT_BYTES, Long.BYTES));
      encoder = group;
    }
    int number = u16(slab, offset + 2);
    boolean isEmpty = group.count() == 0;
    if (!isEmpty && (short) (number - firstNumber) < 0) {
      return; // it came late
    }
    if (isEmpty || (number - firstNumber & 0xFFFF) >= FlexFecEncoder.MOST_PACKETS) {
      group.begin(mediaSsrc);
      firstNumber = number;
    }
    group.add(slab, offset, length, rest, restOffset, restLength);
  }

  /// Whether the group waits for nothing but its repair packet.
  boolean isFull() {
    FlexFecEncoder group = encoder;
    return group != null && groupSize > 0 && group.count() >= groupSize;
  }

  /// Bytes that [#write] will write.
  int payloadLength() {
    FlexFecEncoder group = encoder;
    return group == null ? 0 : group.payloadLength();
  }

  /// Writes the payload of the group's repair packet, and begins the next group.
  void write(MemorySegment out, long offset) {
    FlexFecEncoder group = encoder;
    if (group != null) {
      group.write(out, offset);
      beginGroup();
    }
  }

  /// Begins the next group; this one stays without a repair packet.
  void beginGroup() {
    FlexFecEncoder group = encoder;
    if (group != null) {
      group.begin(0); // whose it is, the next packet tells
    }
  }

  /// The next sequence number, unwrapped.
  long takeSequenceNumber() {
    return nextSequenceNumber++;
  }

  /// The SRTP stream that they are sent on.
  SrtpSender.Stream stream(SrtpSender srtp) {
    SrtpSender.Stream present = stream;
    if (present == null) {
      present = srtp.stream(ssrc);
      stream = present;
    }
    return present;
  }
}
