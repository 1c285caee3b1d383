package org.plenum.sfu.forward;

import org.jspecify.annotations.Nullable;
import org.plenum.sfu.receive.PacketCache;
import org.plenum.sfu.rtp.SequenceNumbers;
import org.plenum.sfu.rtp.Vp8Descriptor;

/// The numbers of one slot: sequence numbers, timestamps, picture ids and TL0PICIDX that run on for
/// the life of its
/// SSRC, whatever track is behind it. One thread, no clock.
public final class SlotNumbers {
  /// Splices kept for answering NACKs; at ten rebindings a second, the last 0.8 s.
  private static final int SPLICES_KEPT = 8;

  /// A layer whose own numbers jump by more than this gets a new splice: viewers take jumps of 2^15
  /// for going back.
  static final int LARGEST_JUMP = 1 << 14;

  private final int ssrc;
  private final int rtxSsrc;
  private final int clockRate;
  private final @Nullable Splice[] splices = new @Nullable Splice[SPLICES_KEPT];
  private int newest = -1;

  private long highestSent;
  private int timestampOfHighest;
  private long sentNanos;
  private int highestPictureId;
  private int highestTl0PicIdx;
  private long nextRtxSequenceNumber;
  private boolean spliceLost;

  private long packetCount;
  private long octetCount;

  /// @param clockRate timestamp units per second
  /// @param firstSequenceNumber of the first packet; 1 to 2^15 - 1, so that a receiver's roll-over
  /// counter surely starts at 0 (RFC 3711 §3.3.1)
  /// @param firstTimestamp any
  public SlotNumbers(
      int ssrc, int rtxSsrc, int clockRate, int firstSequenceNumber, int firstTimestamp) {
    this.ssrc = ssrc;
    this.rtxSsrc = rtxSsrc;
    this.clockRate = clockRate;
    this.highestSent = firstSequenceNumber - 1;
    this.nextRtxSequenceNumber = firstSequenceNumber;
    this.timestampOfHighest = firstTimestamp;
    this.highestPictureId = firstSequenceNumber & 0x7FFF;
    this.highestTl0PicIdx = firstSequenceNumber & 0xFF;
  }

  public int ssrc() {
    return ssrc;
  }

  /// 0 without RTX.
  public int rtxSsrc() {
    return rtxSsrc;
  }

  public int clockRate() {
    return clockRate;
  }

  /// The splice under which a packet goes out now, starting a new one where needed: where the
  /// caller says so, and where the numbers cannot go on, from a packet that a decoder can start
  /// with.
  ///
  /// @param descriptor of the packet's payload if it is VP8, else null
  /// @return null if the packet is older than the splice and has no number, or if
  /// [#isSpliceLost] and it is none to start with
  public @Nullable Splice spliceFor(
      Layer layer,
      long source,
      int entry,
      boolean isNew,
      @Nullable Vp8Descriptor descriptor,
      long nowNanos) {
    Splice splice = newest();
    if (!isNew && !spliceLost && splice != null && splice.layer() == layer) {
      if (source < splice.firstSource()) {
        return null;
      }
      if (splice.toSent(source) - highestSent <= LARGEST_JUMP) {
        return splice;
      }
    }
    if (!isNew && !layer.cache().keyFrameStart(entry)) {
      spliceLost = true;
      return null;
    }
    return start(layer, source, entry, descriptor, nowNanos);
  }

  /// Notes a packet that went out.
  public void onSent(
      Splice splice,
      long source,
      int timestamp,
      int payloadLength,
      @Nullable Vp8Descriptor descriptor,
      long nowNanos) {
    packetCount++;
    octetCount += payloadLength;
    long sent = splice.toSent(source);
    if (sent <= highestSent) {
      return;
    }
    highestSent = sent;
    timestampOfHighest = timestamp;
    sentNanos = nowNanos;
    if (descriptor != null && descriptor.pictureId() >= 0) {
      highestPictureId = descriptor.pictureId() + splice.pictureIdOffset();
    }
    if (descriptor != null && descriptor.tl0PicIdx() >= 0) {
      highestTl0PicIdx = descriptor.tl0PicIdx() + splice.tl0PicIdxOffset();
    }
  }

  /// The first packet of a binding was dropped: the next one that a decoder can start with starts
  /// the splice instead.
  void onSpliceLost() {
    spliceLost = true;
  }

  /// Whether packets get no number until one comes that a decoder can start with.
  public boolean isSpliceLost() {
    return spliceLost;
  }

  /// The splice under which the packet a viewer asks for again was sent, or null if it is too old.
  ///
  /// @param sequenceNumber 16 bits
  public @Nullable Splice spliceOf(int sequenceNumber) {
    long sent = unwrap(sequenceNumber);
    if (sent > highestSent) {
      return null;
    }
    for (int i = 0; i < SPLICES_KEPT; i++) {
      Splice splice = splices[Math.floorMod(newest - i, SPLICES_KEPT)];
      if (splice == null) {
        return null;
      }
      if (sent >= splice.firstSent()) {
        return splice;
      }
    }
    return null;
  }

  /// One of this slot's sequence numbers, unwrapped to 64 bits.
  public long unwrap(int sequenceNumber) {
    return SequenceNumbers.unwrap(sequenceNumber, highestSent);
  }

  /// The next sequence number of the RTX stream, unwrapped.
  public long takeRtxSequenceNumber() {
    return nextRtxSequenceNumber++;
  }

  /// The splice in force; null before the first packet.
  public @Nullable Splice newest() {
    return newest < 0 ? null : splices[newest];
  }

  /// For the sender report: packets sent, retransmissions not included.
  public long packetCount() {
    return packetCount;
  }

  /// For the sender report: payload bytes sent.
  public long octetCount() {
    return octetCount;
  }

  private Splice start(
      Layer layer, long source, int entry, @Nullable Vp8Descriptor descriptor, long nowNanos) {
    PacketCache cache = layer.cache();
    boolean first = newest < 0;
    long passedUnits = first ? 0 : (nowNanos - sentNanos) / 1000 * clockRate / 1_000_000;
    int timestamp = timestampOfHighest + (int) Math.max(1, passedUnits);
    int pictureIdOffset = 0;
    int tl0Offset = 0;
    if (descriptor != null) {
      pictureIdOffset = highestPictureId + 1 - Math.max(0, descriptor.pictureId());
      tl0Offset = highestTl0PicIdx + 1 - Math.max(0, descriptor.tl0PicIdx());
    }
    var splice =
        new Splice(
            layer,
            source,
            highestSent + 1 - source,
            timestamp - cache.timestamp(entry),
            pictureIdOffset,
            tl0Offset);
    newest = (newest + 1) % SPLICES_KEPT;
    splices[newest] = splice;
    spliceLost = false;
    return splice;
  }
}
