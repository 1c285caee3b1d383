package org.plenum.sfu.transport;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NanoTime;
import org.plenum.sfu.Codec;
import org.plenum.sfu.ParticipantStatistics;
import org.plenum.sfu.SfuHistogram;
import org.plenum.sfu.SlotParameters;
import org.plenum.sfu.forward.Slot;
import org.plenum.sfu.forward.SlotNumbers;
import org.plenum.sfu.forward.Track;
import org.plenum.sfu.red.RedPolicy;
import org.plenum.sfu.rtp.HeaderExtensionMap;
import org.plenum.sfu.send.StreamNumbers;
import org.plenum.sfu.srtp.SrtpSender;

/// The sending half of a transport: the slots' streams, retransmissions, and RTCP. Worker's thread
/// only.
public final class MediaSender {
  /// No limit to what may be sent.
  public static final long UNLIMITED = Downlink.UNLIMITED;

  /// Until the first report: an ordinary path.
  private static final long UNKNOWN_ROUND_TRIP_NANOS = 100_000_000L;

  private static final long MOST_ROUND_TRIP_NANOS = 2_000_000_000L;

  /// Between two looks at the loss that feedback tells.
  private static final long LOSS_INTERVAL_NANOS = 1_000_000_000L;

  /// Sound with what is repeated of it takes no more than this part of what may be sent.
  private static final int SOUND_DIVISOR = 2;

  private final TransportContext context;
  private final Transport transport;
  private final PacketSender packets;
  private final RtcpOutput rtcp;
  private final List<SendStream> streams = new ArrayList<>();
  private final SsrcTable<SendStream> bySsrc = new SsrcTable<>(512);

  /// Empty unless the viewer names packets by stream.
  private final SsrcTable<SendStream> byRtxSsrc = new SsrcTable<>(512);

  private boolean streamFeedback;
  private boolean reportDue;
  private boolean layersChanged;
  private long lossLookNanos = NanoTime.NEVER;
  private long roundTripNanos = ParticipantStatistics.UNKNOWN;

  MediaSender(
      TransportContext context, HeaderExtensionMap extensions, Transport transport, long nowNanos) {
    this.context = context;
    this.transport = transport;
    this.packets = new PacketSender(context, extensions, transport, nowNanos);
    this.rtcp = new RtcpOutput(context, transport);
  }

  void extensions(HeaderExtensionMap renegotiated) {
    packets.extensions(renegotiated);
  }

  /// Whether the peer reports what it receives by RFC 8888 (`ccfb`), in place of transport-cc.
  public void streamFeedback(boolean negotiated) {
    streamFeedback = negotiated;
    packets.streamFeedback(negotiated ? this::numberOf : null);
    for (SendStream stream : streams) {
      nameByStream(stream);
    }
  }

  private void nameByStream(SendStream stream) {
    stream.streamFeedback(streamFeedback);
    int rtxSsrc = stream.slot.numbers().rtxSsrc();
    if (streamFeedback && rtxSsrc != 0) {
      byRtxSsrc.put(rtxSsrc, stream);
    } else {
      byRtxSsrc.remove(rtxSsrc);
    }
  }

  private long numberOf(int ssrc, int sequenceNumber) {
    SendStream stream = bySsrc.find(ssrc);
    if (stream != null) {
      return stream.numberOf(false, sequenceNumber);
    }
    stream = byRtxSsrc.find(ssrc);
    return stream == null ? StreamNumbers.NOT_FOUND : stream.numberOf(true, sequenceNumber);
  }

  /// Whether a slot has more to send for a moment than it will have: a large key frame leaves, and
  /// what came meanwhile.
  public boolean isHeldUp(Slot slot, long nowNanos) {
    SendStream stream = bySsrc.find(slot.numbers().ssrc());
    return stream != null && packets.isHolding(stream, nowNanos);
  }

  /// Whether the viewer, who asks for a key frame, is being sent the one that the stream began
  /// with.
  boolean isKeyFrameOnItsWay(SendStream stream, long nowNanos) {
    return packets.isKeyFrameOnItsWay(stream, roundTripNanos(), nowNanos);
  }

  /// Makes the slot of a media section, with SSRCs of its own for life.
  public Slot addSlot(SlotParameters parameters) {
    boolean rtx = parameters.codecs().stream().anyMatch(Codec::hasRtx);
    var numbers =
        new SlotNumbers(
            unusedSsrc(),
            rtx ? unusedSsrc() : 0,
            parameters.codecs().getFirst().name().clockRate(),
            context.random.nextInt(1, 1 << 15),
            context.random.nextInt());
    var stream =
        new SendStream(
            this,
            packets,
            parameters.mid(),
            parameters.kind(),
            parameters.codecs(),
            numbers,
            context.counters);
    stream.extensions = parameters.extensions();
    protect(stream, parameters);
    streams.add(stream);
    bySsrc.put(numbers.ssrc(), stream);
    nameByStream(stream);
    stream.slot.smallestFirst(packets.downlink().isEstimated());
    SrtpSender srtp = transport.srtpSender();
    if (srtp != null) {
      stream.open(srtp);
    }
    return stream.slot;
  }

  /// A slot goes on with what a later offer says of its section.
  public void changeSlot(Slot slot, SlotParameters parameters) {
    slot.codecs(parameters.codecs());
    SendStream stream = bySsrc.find(slot.numbers().ssrc());
    if (stream != null) {
      stream.extensions = parameters.extensions();
      protect(stream, parameters);
    }
  }

  private void protect(SendStream stream, SlotParameters parameters) {
    int payloadType = parameters.fecPayloadType();
    if (stream.protection != null) {
      stream.protection.payloadType(payloadType);
    } else if (payloadType != SlotParameters.NO_FEC) {
      int first = context.random.nextInt(1, 1 << 15);
      stream.protection = new Protection(unusedSsrc(), payloadType, first);
    }
  }

  /// The SSRC of a slot's repair packets; 0 if its viewer takes none.
  public int fecSsrc(Slot slot) {
    SendStream stream = bySsrc.find(slot.numbers().ssrc());
    Protection protection = stream == null ? null : stream.protection;
    return protection == null || protection.payloadType() < 0 ? 0 : protection.ssrc;
  }

  /// What a slot's repair packets take, as a part of what it takes without.
  public double repairOverhead(Slot slot) {
    SendStream stream = bySsrc.find(slot.numbers().ssrc());
    Protection protection = stream == null ? null : stream.protection;
    return protection == null ? 0 : protection.overhead();
  }

  /// A slot's video takes so much without repair packets, bit/s.
  public void plainVideo(Slot slot, long bitrateBps) {
    SendStream stream = bySsrc.find(slot.numbers().ssrc());
    if (stream != null && stream.protection != null) {
      stream.protection.videoBps(bitrateBps);
    }
  }

  /// Ends a slot.
  public void removeSlot(Slot slot) {
    slot.end();
    SendStream stream = bySsrc.find(slot.numbers().ssrc());
    if (stream != null) {
      streams.remove(stream);
      packets.end(stream);
    }
    bySsrc.remove(slot.numbers().ssrc());
    byRtxSsrc.remove(slot.numbers().rtxSsrc());
  }

  /// The CNAME of everything we send here (RFC 3550 §6.5.1).
  public String cname() {
    return rtcp.cname();
  }

  /// A transport-cc message of the viewer, from its base sequence number field on.
  void onTransportCc(MemorySegment slab, long offset, int length, long nowNanos) {
    packets.downlink().onTransportCc(slab, offset, length, nowNanos);
    packets.onEstimate(nowNanos);
  }

  /// A message of RFC 8888, from its first report block on.
  void onStreamFeedback(MemorySegment slab, long offset, int length, long nowNanos) {
    packets.downlink().onStreamFeedback(slab, offset, length, nowNanos);
    packets.onEstimate(nowNanos);
  }

  /// The viewer asks not to be sent more than this (REMB), bit/s.
  void onReceiverEstimatedMaximumBitrate(long bitrateBps, long nowNanos) {
    packets.downlink().onReceiverEstimate(bitrateBps, nowNanos);
    packets.onEstimate(nowNanos);
  }

  /// What this peer may be sent in all, by the estimate of its downlink, bit/s; [#UNLIMITED] if
  /// there is no estimate.
  public long targetBps() {
    return packets.downlink().targetBps();
  }

  /// Whether the estimate rests on feedback, rather than on an assumption.
  public boolean isMeasured(long nowNanos) {
    return packets.downlink().isMeasured(nowNanos);
  }

  /// Whether others keep a queue full on the path: the latest trial has told so.
  public boolean isCompeting() {
    return packets.downlink().estimator().isCompeting();
  }

  /// How long after it was sent first a packet comes that was lost and is sent again, nanoseconds,
  /// while others keep a queue full on the path; 0 where nobody does.
  public long repairDelayNanos() {
    return packets.downlink().estimator().repairDelayNanos();
  }

  /// How long packets have waited in a queue that others keep full, nanoseconds; 0 where nobody
  /// does.
  public long foreignQueueNanos() {
    return packets.downlink().estimator().foreignQueueNanos();
  }

  /// Whether [#targetBps] is low only for a moment, or was just now, to find out whose queue that
  /// is.
  public boolean isTrying() {
    return packets.downlink().estimator().isTrying();
  }

  /// Whether so much may be sent though the estimate is lower, bit/s: nothing is lost.
  public boolean mayExceedEstimate(long bitrateBps) {
    return packets.downlink().mayExceedEstimate(bitrateBps);
  }

  /// What was decided to send in all, bit/s: packets leave at this pace at least.
  public void given(long bitrateBps) {
    layersChanged = false;
    packets.downlink().given(bitrateBps);
  }

  /// Whether the estimate is far above what was decided to send.
  public boolean hasRoomToSpare() {
    return packets.downlink().hasRoomToSpare();
  }

  /// What a slot's sound takes with what is repeated of it, bit/s.
  ///
  /// @param plainBps what it takes without
  public long soundBps(Slot slot, long plainBps) {
    SendStream stream = bySsrc.find(slot.numbers().ssrc());
    Repetition repetition = stream == null ? null : stream.repetition;
    return repetition == null ? plainBps : (long) (plainBps * (1 + repetition.overhead()));
  }

  /// All sound takes so much, bit/s, if nothing of it is repeated: no more is than there is room
  /// for.
  public void plainSound(long bitrateBps) {
    long targetBps = packets.downlink().soundTargetBps();
    long fit =
        targetBps == UNLIMITED ? UNLIMITED : targetBps / SOUND_DIVISOR / Math.max(1, bitrateBps);
    int most = Math.clamp(fit - 1, 0, RedPolicy.MOST_REDUNDANT);
    for (int i = 0; i < streams.size(); i++) {
      Repetition repetition = streams.get(i).repetition;
      if (repetition != null) {
        repetition.most(most);
      }
    }
  }

  /// How long the video that waits takes to leave, in nanoseconds.
  public long queueDelayNanos() {
    return packets.queueDelayNanos();
  }

  /// What would be sent if the downlink carried anything, bit/s: nothing is probed for beyond it.
  public void demand(long bitrateBps, long nowNanos) {
    packets.demand(bitrateBps, nowNanos);
  }

  /// Round-trip time to this peer by its latest report, an ordinary one while unknown.
  long roundTripNanos() {
    return roundTripNanos < 0 ? UNKNOWN_ROUND_TRIP_NANOS : roundTripNanos;
  }

  /// The same for people: [ParticipantStatistics#UNKNOWN] while it is.
  public long reportedRoundTripNanos() {
    return roundTripNanos;
  }

  /// What was counted of the slots that carry something.
  public List<ParticipantStatistics.SlotStatistics> statistics() {
    return streams.stream().map(SendStream::statistics).filter(Objects::nonNull).toList();
  }

  /// What is known of the way to this peer at this moment.
  public PathReading reading() {
    return packets.reading(roundTripNanos);
  }

  /// What is known of a slot of its at this moment; null if it has ended.
  public @Nullable SlotReading reading(Slot slot, long nowNanos) {
    SendStream stream = bySsrc.find(slot.numbers().ssrc());
    return stream == null ? null : stream.reading(nowNanos);
  }

  @Nullable SendStream streamOf(int ssrc) {
    return bySsrc.find(ssrc);
  }

  PacketSender packets() {
    return packets;
  }

  /// A video stream whose RTX can carry padding; null if there is none.
  @Nullable SendStream streamForPadding() {
    for (int i = 0; i < streams.size(); i++) {
      if (streams.get(i).rtx != null) {
        return streams.get(i);
      }
    }
    return null;
  }

  void open(SrtpSender srtp) {
    packets.open();
    for (SendStream stream : streams) {
      stream.open(srtp);
    }
  }

  /// Tells the peer that nothing more comes, of slots and reports alike.
  void sayGoodbye() {
    rtcp.sendBye(streams);
  }

  void close() {
    packets.close();
  }

  /// Whether a report for a new splice waits for the next [#onTimeout].
  boolean isUrgent() {
    return reportDue;
  }

  /// A slot goes on under a new splice: its viewer needs a report soon.
  void onSplice() {
    reportDue = true;
    transport.onUrgent();
  }

  /// The publisher is asked in the worker's next round.
  void onKeyFrameWanted() {
    context.rounds.hurry();
  }

  /// A slot's track has other layers than before.
  void onLayersChanged() {
    layersChanged = true;
    transport.onUrgent();
  }

  /// Whether a slot's track has other layers than when bandwidth was last shared out ([#given]).
  public boolean haveLayersChanged() {
    return layersChanged;
  }

  /// Pictures are to come from here, where there were none.
  public void beginAnew(long nowNanos) {
    packets.beginAnew(nowNanos);
  }

  /// Reports and other things that are due.
  void onTimeout(List<Track> tracks, long nowNanos) {
    reportDue = false;
    packets.onTimeout(nowNanos);
    lookAtLoss(nowNanos);
    rtcp.onTimeout(streams, tracks, nowNanos);
  }

  /// A report on one of our streams. The round trip is counted from when we sent the report it
  /// refers to; its NTP time is the publisher's, carried over, and says nothing about that
  /// (RFC 3550 §6.4.1).
  ///
  /// @param delay since the peer got that report, in 1/65 536 s
  void onReportBlock(SendStream stream, int lastSenderReport, int delay, long nowNanos) {
    stream.midNeeded = false;
    packets.downlink().onReport(nowNanos);
    if (lastSenderReport == 0 || lastSenderReport != stream.reportMiddle) {
      return;
    }
    long delayNanos = (delay & 0xFFFF_FFFFL) * 1_000_000_000L >> 16;
    long trip = nowNanos - stream.reportNanos - delayNanos;
    if (trip >= 0) {
      context.counters.record(SfuHistogram.VIEWER_ROUND_TRIP, trip);
      roundTripNanos = Math.min(trip, MOST_ROUND_TRIP_NANOS);
      stream.roundTrip(trip);
      packets.downlink().onRoundTrip(trip);
    }
  }

  /// A report tells how much of a stream was lost. Where there is feedback, that tells sooner, and
  /// of everything.
  void onReportedLoss(SendStream stream, double fraction, long nowNanos) {
    if (!packets.downlink().estimator().hasFeedback()) {
      stream.onLoss(fraction, nowNanos);
    }
  }

  private void lookAtLoss(long nowNanos) {
    if (lossLookNanos != NanoTime.NEVER && !NanoTime.isDue(lossLookNanos, nowNanos)) {
      return;
    }
    lossLookNanos = NanoTime.after(nowNanos, LOSS_INTERVAL_NANOS);
    if (packets.downlink().estimator().hasFeedback()) {
      double loss = packets.downlink().estimator().loss();
      for (int i = 0; i < streams.size(); i++) {
        streams.get(i).onLoss(loss, nowNanos);
      }
      reviewProtection(loss, nowNanos);
    }
  }

  /// Repair packets are for those only of whom an estimate tells what else there is room for.
  private void reviewProtection(double loss, long nowNanos) {
    long spareBps = packets.downlink().spareBps();
    for (int i = 0; i < streams.size(); i++) {
      Protection protection = streams.get(i).protection;
      spareBps += protection == null ? 0 : protection.costBps();
    }
    long roundTripNanos = packets.downlink().estimator().roundTripNanos();
    for (int i = 0; i < streams.size(); i++) {
      Protection protection = streams.get(i).protection;
      if (protection != null) {
        protection.review(loss, roundTripNanos, spareBps, nowNanos);
        spareBps -= protection.costBps();
      }
    }
  }

  void onReceiverReferenceTime(int ssrc, long ntp, long nowNanos) {
    rtcp.onReceiverReferenceTime(ssrc, ntp, nowNanos);
  }

  void onNack(SendStream stream, int sequenceNumber, long nowNanos) {
    packets.onNack(stream, sequenceNumber, roundTripNanos(), nowNanos);
  }

  void sendNack(int mediaSsrc, int[] sequenceNumbers, int count) {
    rtcp.sendNack(mediaSsrc, sequenceNumbers, count);
  }

  void sendKeyFrameRequest(int mediaSsrc, boolean pliNegotiated) {
    rtcp.sendKeyFrameRequest(mediaSsrc, pliNegotiated);
  }

  void sendTransportCc(int mediaSsrc, byte[] feedback, int length) {
    rtcp.sendTransportCc(mediaSsrc, feedback, length);
  }

  private int unusedSsrc() {
    int ssrc;
    do {
      ssrc = context.random.nextInt();
    } while (ssrc == 0 || bySsrc.find(ssrc) != null);
    return ssrc;
  }
}
