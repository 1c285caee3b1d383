package org.plenum.bench.client;

import java.lang.foreign.MemorySegment;
import org.plenum.sfu.rtcp.RtcpHandler;

/// Does what the server's RTCP asks for: key frames, packets again. Owned by the loop.
final class RtcpActions implements RtcpHandler {
  private final LoadClient client;
  private final MediaWriter writer;
  private long nowNanos;

  RtcpActions(LoadClient client, MediaWriter writer) {
    this.client = client;
    this.writer = writer;
  }

  void now(long nanos) {
    nowNanos = nanos;
  }

  @Override
  public void onSenderReport(
      int ssrc, long ntp, int rtpTimestamp, int packetCount, int octetCount) {
    for (int i = 0; i < client.slots.size(); i++) {
      if (client.slots.get(i).ssrc == ssrc) {
        client.slots.get(i).stream.onSenderReport(ntp, rtpTimestamp, nowNanos);
      }
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
    for (MediaSource source : client.sources) {
      if (source.ssrc == ssrc) {
        source.midNeeded = false;
      }
    }
  }

  @Override
  public void onBye(int ssrc) {}

  @Override
  public void onNack(int mediaSsrc, int sequenceNumber) {
    for (MediaSource source : client.sources) {
      if (source.ssrc == mediaSsrc) {
        writer.retransmit(source, sequenceNumber);
      }
    }
  }

  @Override
  public void onPictureLossIndication(int mediaSsrc) {
    for (MediaSource source : client.sources) {
      source.keyFrameWanted |= source.video && source.ssrc == mediaSsrc;
    }
  }

  @Override
  public void onFullIntraRequest(int mediaSsrc, int commandSequenceNumber) {
    onPictureLossIndication(mediaSsrc);
  }

  @Override
  public void onReceiverEstimatedMaximumBitrate(long bitrateBps) {}

  @Override
  public void onTransportCc(MemorySegment slab, long offset, int length) {}
}
