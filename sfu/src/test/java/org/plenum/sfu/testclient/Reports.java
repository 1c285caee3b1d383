package org.plenum.sfu.testclient;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.plenum.sfu.rtcp.RtcpHandler;

/// The RTCP a client received, sorted out for it.
final class Reports implements RtcpHandler {
  private final SfuClient client;

  Reports(SfuClient client) {
    this.client = client;
  }

  @Override
  public void onSenderReport(
      int ssrc, long ntp, int rtpTimestamp, int packetCount, int octetCount) {
    for (ReceivedStream stream : client.streams()) {
      if (stream.ssrc == ssrc) {
        stream.senderReports.add(
            new ReceivedStream.SenderReport(ntp, rtpTimestamp, System.nanoTime()));
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
    client.reportBlocks.add(
        new SfuClient.ReportBlock(
            ssrc, cumulativeLost, extendedHighestSequenceNumber, lastSenderReport));
  }

  @Override
  public void onBye(int ssrc) {
    client.byes.add(ssrc);
  }

  @Override
  public void onNack(int mediaSsrc, int sequenceNumber) {
    client.onNack(mediaSsrc, sequenceNumber);
  }

  @Override
  public void onPictureLossIndication(int mediaSsrc) {
    for (MediaSource source : client.sources()) {
      if (source.ssrc == mediaSsrc) {
        source.keyFrameRequests++;
        source.lastKeyFrameRequestNanos = System.nanoTime();
        source.keyFrameWanted = true;
      }
    }
  }

  @Override
  public void onFullIntraRequest(int mediaSsrc, int commandSequenceNumber) {
    throw new AssertionError("PLI was negotiated, not FIR");
  }

  @Override
  public void onReceiverEstimatedMaximumBitrate(long bitrateBps) {
    throw new AssertionError("the SFU sends no REMB");
  }

  @Override
  public void onTransportCc(MemorySegment slab, long offset, int length) {
    List<Integer> header = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      header.add(slab.get(java.lang.foreign.ValueLayout.JAVA_BYTE, offset + i) & 0xFF);
    }
    client.transportCcMessages++;
    client.transportCcPackets += header.get(2) << 8 | header.get(3);
  }
}
