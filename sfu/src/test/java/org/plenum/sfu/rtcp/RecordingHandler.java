package org.plenum.sfu.rtcp;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.plenum.sfu.rtp.Hex;

/// Writes down what the reader finds, a line an item.
public class RecordingHandler implements RtcpHandler {
  public final List<String> calls = new ArrayList<>();

  /// How many items more it may be given.
  int allowance = Integer.MAX_VALUE;

  @Override
  public int allowed(int items) {
    int taken = Math.min(items, allowance);
    allowance -= taken;
    return taken;
  }

  private void add(String format, Object... values) {
    calls.add(String.format(format, values));
  }

  @Override
  public void onSenderReport(int ssrc, long ntp, int rtpTimestamp, int packets, int octets) {
    add(
        "SR %08x ntp=%016x rtp=%08x packets=%d octets=%d",
        ssrc, ntp, rtpTimestamp, packets, octets);
  }

  @Override
  public void onReportBlock(
      int reporterSsrc,
      int ssrc,
      int fraction,
      int lost,
      int highest,
      int jitter,
      int lsr,
      int dlsr) {
    add(
        "block %08x of %08x fraction=%d lost=%d highest=%08x jitter=%d lsr=%08x dlsr=%08x",
        reporterSsrc, ssrc, fraction, lost, highest, jitter, lsr, dlsr);
  }

  @Override
  public void onReceiverReferenceTime(int ssrc, long ntp) {
    add("RRT %08x ntp=%016x", ssrc, ntp);
  }

  @Override
  public void onBye(int ssrc) {
    add("BYE %08x", ssrc);
  }

  @Override
  public void onNack(int mediaSsrc, int sequenceNumber) {
    add("NACK %08x %d", mediaSsrc, sequenceNumber);
  }

  @Override
  public void onPictureLossIndication(int mediaSsrc) {
    add("PLI %08x", mediaSsrc);
  }

  @Override
  public void onFullIntraRequest(int mediaSsrc, int commandSequenceNumber) {
    add("FIR %08x %d", mediaSsrc, commandSequenceNumber);
  }

  @Override
  public void onReceiverEstimatedMaximumBitrate(long bitrateBps) {
    add("REMB %d", bitrateBps);
  }

  @Override
  public void onTransportCc(MemorySegment slab, long offset, int length) {
    add("TCC %s", Hex.of(slab, offset, length));
  }
}
