package org.plenum.sfu.transport;

import java.lang.foreign.MemorySegment;
import org.plenum.sfu.SfuCounter;
import org.plenum.sfu.SfuHistogram;
import org.plenum.sfu.forward.Layer;
import org.plenum.sfu.rtcp.RtcpHandler;

/// Acts on the RTCP of a peer; all of it ends here. What names an SSRC that this transport does not
/// have is ignored.
/// Worker's thread only.
final class RtcpInput implements RtcpHandler {
  private final TransportContext context;
  private final MediaReceiver receiver;
  private final MediaSender sender;
  private long nowNanos;

  RtcpInput(TransportContext context, MediaReceiver receiver, MediaSender sender) {
    this.context = context;
    this.receiver = receiver;
    this.sender = sender;
  }

  /// Sets the arrival time of the compound that is read next.
  void now(long nanos) {
    nowNanos = nanos;
  }

  @Override
  public void onSenderReport(
      int ssrc, long ntp, int rtpTimestamp, int packetCount, int octetCount) {
    Layer layer = receiver.layerOf(ssrc);
    if (layer != null) {
      layer.stream().onSenderReport(ntp, rtpTimestamp, nowNanos);
      layer.track().clock().onSenderReport(ntp, context.wallClock.ntp(nowNanos));
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
      stream.onReport(cumulativeLost, jitter);
      measure(fractionLost, jitter, stream.slot.numbers().clockRate());
    }
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
    sender.onTransportCc(slab, offset, length, nowNanos);
  }

  private void onKeyFrameRequest(int mediaSsrc) {
    SendStream stream = sender.streamOf(mediaSsrc);
    if (stream != null) {
      context.counters.add(SfuCounter.KEY_FRAME_REQUESTS_RECEIVED, 1);
      stream.keyFrameRequests++;
      stream.slot.onKeyFrameNeeded();
    }
  }
}
