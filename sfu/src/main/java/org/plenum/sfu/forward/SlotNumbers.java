package org.plenum.sfu.forward;

import org.jspecify.annotations.Nullable;
import org.plenum.sfu.receive.PacketCache;

/// The numbers of one slot: sequence numbers, timestamps, picture ids and TL0PICIDX that run on for
/// the life of its SSRC, whatever track is behind it. One thread, no clock.
public final class SlotNumbers {
  /// A layer whose own numbers jump by more than this gets a new splice: viewers take jumps of 2^15
  /// for going back.
  static final int LARGEST_JUMP = 1 << 14;

  private final int ssrc;
  private final int rtxSsrc;
  private final int clockRate;
  private @Nullable Splice newest;

  private long highestSent;
  private int timestampOfHighest;
  private long sentNanos;
  private int highestPictureId;
  private int highestTl0PicIdx;
  private int highestFrameNumber;
  private long nextRtxSequenceNumber;
  private boolean spliceLost;

  /// By how much timestamps are to be later than the time that has passed would have them, and are.
  private int wantedLagUnits;
  private int lagUnits;

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
    this.highestSent = firstSequenceNumber - 1L;
    this.nextRtxSequenceNumber = firstSequenceNumber;
    this.timestampOfHighest = firstTimestamp;
    this.highestPictureId = firstSequenceNumber & 0x7FFF;
    this.highestTl0PicIdx = firstSequenceNumber & 0xFF;
    this.highestFrameNumber = firstSequenceNumber & 0xFFFF;
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
  /// @return null if the packet is older than the splice and has no number, or if
  /// [#isSpliceLost] and it is none to start with
  public @Nullable Splice spliceFor(
      Layer layer, long source, long omittedBefore, int entry, boolean isNew, long nowNanos) {
    Splice splice = newest;
    if (!isNew && !spliceLost && splice != null && splice.layer() == layer) {
      if (source - Omitted.packets(omittedBefore) < splice.firstSource()) {
        return null;
      }
      if (splice.sequenceNumber(source, omittedBefore) - highestSent <= LARGEST_JUMP) {
        return splice;
      }
    }
    if (!isNew && !layer.cache().keyFrameStart(entry)) {
      spliceLost = true;
      return null;
    }
    return start(layer, source, omittedBefore, entry, nowNanos);
  }

  /// Notes a packet of the splice's layer that went out.
  public void onSent(Splice splice, long source, long omittedBefore, int entry, long nowNanos) {
    PacketCache cache = splice.layer().cache();
    packetCount++;
    octetCount += cache.payloadLength(entry);
    long sent = splice.sequenceNumber(source, omittedBefore);
    if (sent <= highestSent) {
      return;
    }
    highestSent = sent;
    timestampOfHighest = splice.timestamp(cache.timestamp(entry));
    sentNanos = nowNanos;
    int bits = cache.pictureIdBits(entry);
    if (bits > 0) {
      // A picture id of 7 bits wraps early, and those of the next publisher may have 15.
      int counted = cache.pictureId(entry) - Omitted.pictures(omittedBefore);
      int unwrapped = counted + splice.pictureIdOffset();
      highestPictureId += (unwrapped - highestPictureId) << (32 - bits) >> (32 - bits);
    }
    if (cache.tl0PicIdx(entry) >= 0) {
      highestTl0PicIdx = cache.tl0PicIdx(entry) + splice.tl0PicIdxOffset();
    }
    if (cache.frameNumberOffset(entry) >= 0) {
      highestFrameNumber = splice.frameNumber(cache.frameNumber(entry));
    }
  }

  /// Notes what a packet carried beside its own payload.
  public void onRepeated(int lengthBytes) {
    octetCount += lengthBytes;
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

  /// The next sequence number of the RTX stream, unwrapped.
  public long takeRtxSequenceNumber() {
    return nextRtxSequenceNumber++;
  }

  /// The latest sequence number that was taken of the RTX stream, unwrapped.
  public long rtxSequenceNumber() {
    return nextRtxSequenceNumber - 1;
  }

  /// The splice in force; null before the first packet.
  public @Nullable Splice newest() {
    return newest;
  }

  /// The timestamp of the latest packet sent.
  public int timestampOfHighest() {
    return timestampOfHighest;
  }

  /// From the next splice on, timestamps say that all is later by so much: packets that wait in a
  /// queue from now on come so much later than a receiver expects by the clock. Left alone it
  /// notices after seconds only, and moves the picture by all of it at once (libwebrtc's
  /// TimestampExtrapolator: after 150 pictures). Not more than once for the same queue.
  ///
  /// @param nanos 0: there is no queue any more
  public void lag(long nanos) {
    wantedLagUnits = (int) (nanos / 1000 * clockRate / 1_000_000);
    if (nanos == 0) {
      lagUnits = 0;
    }
  }

  /// For the sender report: packets sent, retransmissions not included.
  public long packetCount() {
    return packetCount;
  }

  /// For the sender report: payload bytes sent.
  public long octetCount() {
    return octetCount;
  }

  private Splice start(Layer layer, long source, long omittedBefore, int entry, long nowNanos) {
    PacketCache cache = layer.cache();
    long first = source - Omitted.packets(omittedBefore);
    int firstPictureId = Math.max(0, cache.pictureId(entry)) - Omitted.pictures(omittedBefore);
    var splice =
        new Splice(
            layer,
            first,
            highestSent + 1 - first,
            firstTimestamp(layer, cache.timestamp(entry), nowNanos) - cache.timestamp(entry),
            highestPictureId + 1 - firstPictureId,
            highestTl0PicIdx + 1 - Math.max(0, cache.tl0PicIdx(entry)),
            highestFrameNumber + 1 - Math.max(0, cache.frameNumber(entry)));
    newest = splice;
    spliceLost = false;
    return splice;
  }

  /// The slot's timestamp of a splice's first packet: later than all before, by the time passed as
  /// the publisher's reports tell it, else as we see it.
  private int firstTimestamp(Layer layer, int source, long nowNanos) {
    Splice before = newest;
    if (before == null) {
      return timestampOfHighest + 1;
    }
    long passedUnits = (nowNanos - sentNanos) / 1000 * clockRate / 1_000_000;
    int byArrival = timestampOfHighest + (int) passedUnits;
    int timestamp = byArrival;
    if (SenderReportMapping.areRelated(before.layer(), layer)) {
      int byReports = SenderReportMapping.timestamp(before, layer, source, clockRate);
      // Off by more than that, a report was a lie.
      timestamp = Math.abs(byReports - byArrival) < clockRate ? byReports : byArrival;
    }
    if (wantedLagUnits > lagUnits) {
      timestamp += wantedLagUnits - lagUnits;
      lagUnits = wantedLagUnits;
    }
    return timestamp - timestampOfHighest > 0 ? timestamp : timestampOfHighest + 1;
  }
}
