package org.plenum.bench.client;

import static org.plenum.sfu.rtp.NetworkOrder.u16;

import java.nio.charset.StandardCharsets;
import org.plenum.ice.NanoTime;
import org.plenum.sfu.receive.TransportCcGenerator;
import org.plenum.sfu.rtcp.RtcpWriter;
import org.plenum.sfu.rtp.NtpTime;
import org.plenum.sfu.rtp.RtpPacket;

/// The RTCP that a client owes, at the pace of a browser: reports each second, transport-cc each
/// 50 ms, NACKs when due. Owned by the loop.
final class Feedback {
  private static final long REPORT_NANOS = 1_000_000_000L;
  private static final int MOST_BYTES = 1300;
  private static final int MOST_BLOCKS = 31;

  /// Of a client that sends no media.
  private static final int RECEIVER_SSRC = 1;

  private static final byte[] CNAME = "load".getBytes(StandardCharsets.US_ASCII);

  private final LoadClient client;
  private final TransportCcGenerator transportCc = new TransportCcGenerator();
  private final RtcpWriter rtcp = new RtcpWriter();
  private final byte[] fci = new byte[TransportCcGenerator.MAX_FCI_BYTES];
  private final int[] due = new int[64];
  private final int ownSsrc;
  private int mediaSsrc;
  private long nextReportNanos;
  private boolean started;
  private long nacksSent;

  Feedback(LoadClient client) {
    this.client = client;
    this.ownSsrc = client.sources.isEmpty() ? RECEIVER_SSRC : client.sources.getFirst().ssrc;
  }

  long nacksSent() {
    return nacksSent;
  }

  void onPacket(RtpPacket packet, int datagramBytes, long nowNanos) {
    int at = packet.extensionOffset(Numbers.TRANSPORT_CC);
    if (at >= 0 && packet.extensionLength(Numbers.TRANSPORT_CC) == 2) {
      mediaSsrc = packet.ssrc();
      transportCc.onPacket(u16(packet.slab(), packet.offset() + at), datagramBytes, nowNanos);
    }
  }

  void onTimeout(long nowNanos) {
    while (transportCc.isDue(nowNanos)) {
      int length = transportCc.write(fci, nowNanos);
      if (length == 0) {
        break;
      }
      begin();
      rtcp.transportCc(ownSsrc, mediaSsrc, fci, length);
      client.sendRtcp(rtcp.length());
    }
    for (int i = 0; i < client.slots.size(); i++) {
      ReceivedSlot slot = client.slots.get(i);
      if (slot.video && slot.nacks.missingCount() > 0) {
        requestMissing(slot, nowNanos);
      }
    }
    report(nowNanos);
  }

  private void requestMissing(ReceivedSlot slot, long nowNanos) {
    int count = slot.nacks.pollDue(nowNanos, due);
    if (count > 0) {
      nacksSent += count;
      begin();
      rtcp.nack(ownSsrc, slot.ssrc, due, count);
      client.sendRtcp(rtcp.length());
    }
    if (slot.nacks.takeGaveUp()) {
      begin();
      rtcp.pictureLossIndication(ownSsrc, slot.ssrc);
      client.sendRtcp(rtcp.length());
    }
  }

  private void report(long nowNanos) {
    if (!started) {
      started = true;
      double share = 0.1 + 0.9 * client.scratch.random().nextDouble();
      nextReportNanos = nowNanos + (long) (share * REPORT_NANOS);
    }
    if (!NanoTime.isDue(nextReportNanos, nowNanos)) {
      return;
    }
    nextReportNanos = nowNanos + REPORT_NANOS;
    for (MediaSource source : client.sources) {
      begin();
      rtcp.senderReport(
          source.ssrc,
          NtpTime.fromEpochNanos(nowNanos),
          source.timestamp(nowNanos),
          (int) source.counter,
          (int) source.octets);
      rtcp.sdes(source.ssrc, CNAME);
      client.sendRtcp(rtcp.length());
    }
    reportBlocks(nowNanos);
  }

  private void reportBlocks(long nowNanos) {
    int blocks = 0;
    for (int i = 0; i < client.slots.size(); i++) {
      ReceivedSlot slot = client.slots.get(i);
      if (slot.stream.isStarted()) {
        if (blocks == 0) {
          begin();
          rtcp.receiverReport(ownSsrc);
        }
        rtcp.reportBlock(
            slot.ssrc,
            slot.stream.takeFractionLost(),
            slot.stream.cumulativeLost(),
            slot.stream.extendedHighestSequenceNumber(),
            slot.stream.jitter(),
            slot.stream.lastSenderReport(),
            slot.stream.delaySinceLastSenderReport(nowNanos));
        if (++blocks == MOST_BLOCKS) {
          client.sendRtcp(rtcp.length());
          blocks = 0;
        }
      }
    }
    if (blocks > 0) {
      client.sendRtcp(rtcp.length());
    }
  }

  private void begin() {
    rtcp.begin(client.scratch.compound(), 0, MOST_BYTES);
  }
}
