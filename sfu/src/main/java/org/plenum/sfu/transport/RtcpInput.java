package org.plenum.sfu.transport;

import static org.plenum.sfu.rtp.NetworkOrder.u16;

import java.lang.foreign.MemorySegment;
import org.plenum.sfu.SfuCounter;
import org.plenum.sfu.SfuHistogram;
import org.plenum.sfu.forward.Layer;
import org.plenum.sfu.forward.Slot;
import org.plenum.sfu.rtcp.RtcpHandler;

/// Acts on the RTCP of a peer; all of it ends here. What names an SSRC that this transport does not
/// have is ignored, what is over the participant's budgets is left unread. Worker's thread only.
final class RtcpInput implements RtcpHandler {
  /// In transport-cc feedback, after the base sequence number (§3.1 of the draft).
  private static final int STATUS_COUNT_AT = 2;

  /// What RFC 8888 (§3.1) says of a packet.
  private static final int METRIC_BYTES = 2;

  private final TransportContext context;
  private final MediaReceiver receiver;
  private final MediaSender sender;
  private final RtcpBudget items = RtcpBudget.ofItems();
  private final RtcpBudget statuses = RtcpBudget.ofStatuses();
  private final KeyFrameBudgets keyFrames = new KeyFrameBudgets();
  private long nowNanos;
  private long unread;

  RtcpInput(TransportContext context, MediaReceiver receiver, MediaSender sender) {
    this.context = context;
    this.receiver = receiver;
    this.sender = sender;
  }

  /// Sets the arrival time of the compound that is read next.
  void now(long nanos) {
    nowNanos = nanos;
    unread = 0;
  }

  /// Whether some of that compound was left unread.
  boolean leftUnread() {
    return unread > 0;
  }

  @Override
  public int allowed(int wanted) {
    int taken = items.take(wanted, nowNanos);
    leave(wanted - taken);
    return taken;
  }

  private void leave(int left) {
    unread += left;
    context.counters.add(SfuCounter.RTCP_ITEMS_UNREAD, left);
  }

  @Override
  public void onSenderReport(
      int ssrc, long ntp, int rtpTimestamp, int packetCount, int octetCount) {
    Layer layer = receiver.layerOf(ssrc);
    if (layer != null) {
      layer.stream().onSenderReport(ntp, rtpTimestamp, nowNanos);
      layer.track().clock().onSenderReport(ntp, context.wallClock.ntp(nowNanos), nowNanos);
    }
  }

  @Override
  public void onReportBlock(
      int reporterSsrc,
      int ssrc,
      int fractionLost,
      int cumulativeLost,
      int extendedHighestSequenceNumber,
      int jitter,
      int lastSenderReport,
      int delaySinceLastSenderReport) {
    SendStream stream = sender.streamOf(ssrc);
    if (stream != null) {
      sender.onReportBlock(stream, lastSenderReport, delaySinceLastSenderReport, nowNanos);
      stream.onReport(fractionLost, cumulativeLost, jitter, nowNanos);
      sender.onReportedLoss(stream, fractionLost / 256.0, nowNanos);
      measure(fractionLost, jitter, stream.slot.numbers().clockRate());
    }
  }

  @Override
  public void onReceiverReferenceTime(int ssrc, long ntp) {
    sender.onReceiverReferenceTime(ssrc, ntp, nowNanos);
  }

  private void measure(int fractionLost, int jitter, int clockRate) {
    context.counters.record(SfuHistogram.VIEWER_LOSS, fractionLost * 1_000_000L / 256);
    context.counters.record(
        SfuHistogram.VIEWER_JITTER, (jitter & 0xFFFF_FFFFL) * 1_000_000_000L / clockRate);
  }

  @Override
  public void onBye(int ssrc) {
    // A stream ends by signaling, not by RTCP.
  }

  @Override
  public void onNack(int mediaSsrc, int sequenceNumber) {
    SendStream stream = sender.streamOf(mediaSsrc);
    if (stream != null) {
      sender.onNack(stream, sequenceNumber, nowNanos);
    }
  }

  @Override
  public void onPictureLossIndication(int mediaSsrc) {
    onKeyFrameRequest(mediaSsrc);
  }

  @Override
  public void onFullIntraRequest(int mediaSsrc, int commandSequenceNumber) {
    onKeyFrameRequest(mediaSsrc);
  }

  @Override
  public void onReceiverEstimatedMaximumBitrate(long bitrateBps) {
    sender.onReceiverEstimatedMaximumBitrate(bitrateBps, nowNanos);
  }

  @Override
  public void onTransportCc(MemorySegment slab, long offset, int length) {
    // Before anything of it is read: three bytes can speak of 65 535 packets.
    int announced = u16(slab, offset + STATUS_COUNT_AT);
    int taken = statuses.take(announced, nowNanos);
    if (taken < announced) {
      leave(announced);
      return;
    }
    sender.onTransportCc(slab, offset, length, nowNanos);
  }

  @Override
  public void onCongestionControlFeedback(MemorySegment slab, long offset, int length) {
    // As many packets as a message of this length can speak of.
    int announced = length / METRIC_BYTES;
    int taken = statuses.take(announced, nowNanos);
    if (taken < announced) {
      leave(announced);
      return;
    }
    sender.onStreamFeedback(slab, offset, length, nowNanos);
  }

  private void onKeyFrameRequest(int mediaSsrc) {
    SendStream stream = sender.streamOf(mediaSsrc);
    if (stream != null) {
      context.counters.add(SfuCounter.KEY_FRAME_REQUESTS_RECEIVED, 1);
      stream.keyFrameRequests++;
      if (sender.isKeyFrameOnItsWay(stream, nowNanos)) {
        return; // another one would cost all others, and this viewer no less time
      }
      if (isOurOwnWish(stream.slot) || isWithinBudget(stream.slot)) {
        stream.slot.onKeyFrameNeeded();
      } else {
        context.counters.add(SfuCounter.KEY_FRAME_REQUESTS_REFUSED, 1);
      }
    }
  }

  /// It waits at its gate, or the key frame is on its way: the viewer's wish changes nothing.
  private static boolean isOurOwnWish(Slot slot) {
    Layer forwarded = slot.forwarded();
    return forwarded == null || forwarded.keyFrames().isWanted();
  }

  private boolean isWithinBudget(Slot slot) {
    Layer forwarded = slot.forwarded();
    return forwarded != null && keyFrames.take(forwarded.track().id(), nowNanos);
  }
}
