package org.plenum.sfu.transport;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.plenum.ice.NanoTime;
import org.plenum.ice.NetworkPath;
import org.plenum.sfu.SfuHistogram;
import org.plenum.sfu.forward.Layer;
import org.plenum.sfu.forward.SenderReportMapping;
import org.plenum.sfu.forward.Slot;
import org.plenum.sfu.forward.SlotNumbers;
import org.plenum.sfu.forward.Splice;
import org.plenum.sfu.forward.Track;
import org.plenum.sfu.receive.ReceiveStream;
import org.plenum.sfu.rtcp.RtcpWriter;
import org.plenum.sfu.srtp.SrtpSender;

/// The RTCP that a transport sends: reports of our own (the peer's never pass through), and
/// feedback to the publisher. Every compound starts with an SR or RR (RFC 3550 §6.1). Worker's
/// thread only.
final class RtcpOutput {
  private static final long REPORT_INTERVAL_NANOS = 1_000_000_000L;

  /// Before protection; with tag and index a datagram stays below 1200 bytes.
  private static final int MOST_BYTES = 1160;

  private final TransportContext context;
  private final Transport transport;
  private final int ownSsrc;
  private final byte[] cname;
  private long nextReportNanos = NanoTime.NEVER;
  private int firCount;

  // The latest reference time of the peer that has not been answered, and when it came.
  private boolean referenced;
  private int referenceSsrc;
  private int referenceMiddle;
  private long referenceNanos;

  RtcpOutput(TransportContext context, Transport transport) {
    this.context = context;
    this.transport = transport;
    this.ownSsrc = context.random.nextInt();
    this.cname = Long.toHexString(context.random.nextLong()).getBytes(StandardCharsets.US_ASCII);
  }

  String cname() {
    return new String(cname, StandardCharsets.US_ASCII);
  }

  /// A peer that sends nothing wants to know the round trip, by which it spaces its NACKs; it is
  /// told with what is sent next.
  ///
  /// @param ntp its clock
  void onReceiverReferenceTime(int ssrc, long ntp, long nowNanos) {
    referenced = true;
    referenceSsrc = ssrc;
    referenceMiddle = (int) (ntp >>> 16);
    referenceNanos = nowNanos;
  }

  /// Sends reports: all of them once a second, those of freshly spliced slots at once.
  void onTimeout(List<SendStream> streams, List<Track> tracks, long nowNanos) {
    if (nextReportNanos == NanoTime.NEVER) {
      nextReportNanos = nowNanos;
    }
    boolean all = NanoTime.isDue(nextReportNanos, nowNanos);
    if (all) {
      // 0.75 to 1.25 of the interval, so that reports of many do not fall together (RFC 3550 §6.2).
      long quarter = REPORT_INTERVAL_NANOS / 4;
      nextReportNanos = nowNanos + 3 * quarter + context.pauses.nextLong(2 * quarter);
    }
    boolean reported = sendSenderReports(streams, all, nowNanos);
    if (all && (!reported || !tracks.isEmpty())) {
      sendReceiverReport(tracks, nowNanos);
    }
    if (referenced) {
      referenced = false;
      answerReference(nowNanos);
    }
  }

  private void answerReference(long nowNanos) {
    // It waits for a turn of ours only, which is far shorter than the 18 hours that fit.
    int delay = (int) ((nowNanos - referenceNanos << 16) / 1_000_000_000L);
    RtcpWriter rtcp = beginFeedback();
    if (rtcp.delaySinceLastReceiverReport(ownSsrc, referenceSsrc, referenceMiddle, delay)) {
      send();
    }
  }

  void sendNack(int mediaSsrc, int[] sequenceNumbers, int count) {
    RtcpWriter rtcp = beginFeedback();
    if (rtcp.nack(ownSsrc, mediaSsrc, sequenceNumbers, count)) {
      send();
    }
  }

  void sendKeyFrameRequest(int mediaSsrc, boolean pliNegotiated) {
    RtcpWriter rtcp = beginFeedback();
    boolean written =
        pliNegotiated
            ? rtcp.pictureLossIndication(ownSsrc, mediaSsrc)
            : rtcp.fullIntraRequest(ownSsrc, mediaSsrc, firCount++ & 0xFF);
    if (written) {
      send();
    }
  }

  void sendTransportCc(int mediaSsrc, byte[] feedback, int length) {
    RtcpWriter rtcp = beginFeedback();
    if (rtcp.transportCc(ownSsrc, mediaSsrc, feedback, length)) {
      send();
    }
  }

  /// BYE for ourselves and for what was sent (RFC 3550 §6.6); of very many streams the first ones.
  void sendBye(List<SendStream> streams) {
    RtcpWriter rtcp = beginFeedback();
    rtcp.sdes(ownSsrc, cname);
    boolean fits = rtcp.bye(ownSsrc);
    for (int i = 0; fits && i < streams.size(); i++) {
      SlotNumbers numbers = streams.get(i).slot.numbers();
      fits = numbers.packetCount() == 0 || rtcp.bye(numbers.ssrc());
    }
    send();
  }

  private RtcpWriter beginFeedback() {
    RtcpWriter rtcp = begin();
    rtcp.receiverReport(ownSsrc);
    return rtcp;
  }

  private RtcpWriter begin() {
    context.scratch.rtcp.begin(context.egress.slab(), context.egress.nextOffset(), MOST_BYTES);
    return context.scratch.rtcp;
  }

  private void send() {
    SrtpSender srtp = transport.srtpSender();
    NetworkPath path = transport.path();
    if (srtp == null || path == null) {
      return;
    }
    int length =
        srtp.protectRtcp(
            context.egress.slab(), context.egress.nextOffset(), context.scratch.rtcp.length());
    context.egress.commit(length, path, Egress.Kind.RTCP);
  }

  private void sendReceiverReport(List<Track> tracks, long nowNanos) {
    RtcpWriter rtcp = beginFeedback();
    for (Track track : tracks) {
      for (Layer layer : track.layers()) {
        ReceiveStream stream = layer.stream();
        int fractionLost = stream.takeFractionLost();
        context.counters.record(SfuHistogram.PUBLISHER_LOSS, fractionLost * 1_000_000L / 256);
        context.counters.record(SfuHistogram.PUBLISHER_JITTER, stream.jitterNanos());
        rtcp.reportBlock(
            stream.ssrc(),
            fractionLost,
            stream.cumulativeLost(),
            stream.extendedHighestSequenceNumber(),
            stream.jitter(),
            stream.lastSenderReport(),
            stream.delaySinceLastSenderReport(nowNanos));
      }
    }
    rtcp.sdes(ownSsrc, cname);
    send();
  }

  /// @return whether any was due
  private boolean sendSenderReports(List<SendStream> streams, boolean all, long nowNanos) {
    boolean begun = false;
    for (int i = 0; i < streams.size(); i++) {
      SendStream stream = streams.get(i);
      Splice splice = stream.slot.numbers().newest();
      boolean due = all || stream.reportDue;
      if (!due || splice == null || !hasReport(splice, stream.slot)) {
        continue;
      }
      if (!begun) {
        begin();
        begun = true;
      }
      if (!writeSenderReport(stream, splice, nowNanos)) {
        send();
        begin();
        writeSenderReport(stream, splice, nowNanos);
      }
      stream.reportDue = false;
    }
    if (begun) {
      send();
    }
    return begun;
  }

  private static boolean hasReport(Splice splice, Slot slot) {
    return splice.layer() == slot.forwarded() && splice.layer().stream().hasSenderReport();
  }

  private boolean writeSenderReport(SendStream sent, Splice splice, long nowNanos) {
    ReceiveStream stream = splice.layer().stream();
    SlotNumbers numbers = sent.slot.numbers();
    long ntp = SenderReportMapping.ntp(stream, splice.layer().track().clock(), nowNanos);
    RtcpWriter rtcp = context.scratch.rtcp;
    int before = rtcp.length();
    boolean written =
        rtcp.senderReport(
                numbers.ssrc(),
                ntp,
                SenderReportMapping.timestamp(stream, splice, numbers.clockRate(), nowNanos),
                (int) numbers.packetCount(),
                (int) numbers.octetCount())
            && (before > 0 || rtcp.sdes(numbers.ssrc(), cname));
    if (written) {
      sent.reportMiddle = (int) (ntp >>> 16);
      sent.reportNanos = nowNanos;
    }
    return written;
  }
}
