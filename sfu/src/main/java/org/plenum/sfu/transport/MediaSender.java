package org.plenum.sfu.transport;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NetworkPath;
import org.plenum.sfu.Codec;
import org.plenum.sfu.EgressVerdict;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.ParticipantStatistics;
import org.plenum.sfu.SfuCounter;
import org.plenum.sfu.SfuHistogram;
import org.plenum.sfu.SlotParameters;
import org.plenum.sfu.forward.Layer;
import org.plenum.sfu.forward.Slot;
import org.plenum.sfu.forward.SlotNumbers;
import org.plenum.sfu.forward.SlotOutput;
import org.plenum.sfu.forward.Splice;
import org.plenum.sfu.forward.Track;
import org.plenum.sfu.receive.PacketCache;
import org.plenum.sfu.rtp.HeaderExtensionMap;
import org.plenum.sfu.srtp.SrtpSender;

/// The sending half of a transport: the slots' streams, retransmissions, and RTCP. Worker's thread
/// only.
public final class MediaSender {
  /// Until the first report: an ordinary path.
  private static final long UNKNOWN_ROUND_TRIP_NANOS = 100_000_000L;

  private static final long MOST_ROUND_TRIP_NANOS = 2_000_000_000L;

  /// A ceiling below this is taken for this: a call needs so much.
  private static final long LEAST_CEILING_BPS = 50_000;

  /// A packet that waited for so long is of no use to the viewer any more.
  private static final long MOST_WAIT_NANOS = 500_000_000L;

  private final TransportContext context;
  private final Transport transport;
  private final PacketReferences<SendStream> waitingAudio = new PacketReferences<>();
  private final PacketReferences<SendStream> waitingVideo = new PacketReferences<>();
  private final Pacer pacer = new Pacer();
  private final RetransmissionBudget budget = new RetransmissionBudget();
  private final PacketBuilder builder;
  private final RtcpOutput rtcp;
  private final List<SendStream> streams = new ArrayList<>();
  private final SsrcTable<SendStream> bySsrc = new SsrcTable<>(512);
  private boolean open;
  private boolean dirty;
  private boolean reportDue;
  private long roundTripNanos = ParticipantStatistics.UNKNOWN;

  MediaSender(TransportContext context, HeaderExtensionMap extensions, Transport transport) {
    this.context = context;
    this.transport = transport;
    this.builder = new PacketBuilder(context, extensions);
    this.rtcp = new RtcpOutput(context, transport);
  }

  void extensions(HeaderExtensionMap renegotiated) {
    builder.extensions(renegotiated);
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
            parameters.mid(),
            parameters.kind(),
            parameters.codecs(),
            numbers,
            context.counters);
    stream.extensions = parameters.extensions();
    streams.add(stream);
    bySsrc.put(numbers.ssrc(), stream);
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
    }
  }

  /// Ends a slot.
  public void removeSlot(Slot slot) {
    slot.end();
    streams.removeIf(stream -> stream.slot == slot);
    bySsrc.remove(slot.numbers().ssrc());
  }

  /// The CNAME of everything we send here (RFC 3550 §6.5.1).
  public String cname() {
    return rtcp.cname();
  }

  /// The viewer asks not to be sent more than this (REMB), bit/s.
  void onReceiverEstimatedMaximumBitrate(long bitrateBps, long nowNanos) {
    pacer.rate(Math.max(LEAST_CEILING_BPS, bitrateBps), nowNanos);
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

  @Nullable SendStream streamOf(int ssrc) {
    return bySsrc.find(ssrc);
  }

  boolean isOpen() {
    return open && transport.path() != null;
  }

  void open(SrtpSender srtp) {
    open = true;
    for (SendStream stream : streams) {
      stream.open(srtp);
    }
  }

  /// Tells the peer that nothing more comes, of slots and reports alike.
  void sayGoodbye() {
    rtcp.sendBye(streams);
  }

  void close() {
    open = false;
    forget(waitingAudio);
    forget(waitingVideo);
  }

  void enqueue(SendStream stream, Layer layer, long sequenceNumber, int flags) {
    boolean audio = stream.slot.kind() == MediaKind.AUDIO;
    PacketReferences<SendStream> waiting = audio ? waitingAudio : waitingVideo;
    if (!waiting.add(stream, layer, sequenceNumber, flags)) {
      drop(stream, layer, flags, EgressVerdict.PACER_OVERFLOW);
      return;
    }
    markDirty();
  }

  /// The out phase: sends what the pacer lets through, sound first and unpaced.
  void sendWaiting(long nowNanos) {
    dirty = false;
    NetworkPath path = transport.path();
    if (path == null) {
      return;
    }
    while (!waitingAudio.isEmpty()) {
      sendFirst(waitingAudio, path, nowNanos);
    }
    while (!waitingVideo.isEmpty() && pacer.mayRelease(nowNanos)) {
      sendFirst(waitingVideo, path, nowNanos);
    }
  }

  /// Whether something waits for the next [#onTimeout]: packets for the pacer's leave, a report for
  /// a new splice.
  boolean isUrgent() {
    return reportDue || !waitingVideo.isEmpty();
  }

  /// A slot goes on under a new splice: its viewer needs a report soon.
  void onSplice() {
    reportDue = true;
  }

  /// Reports and other things that are due.
  void onTimeout(Iterable<Track> tracks, long nowNanos) {
    reportDue = false;
    rtcp.onTimeout(streams, tracks, nowNanos);
    if (!waitingVideo.isEmpty()) {
      markDirty();
    }
  }

  /// A report on one of our streams. The round trip is counted from when we sent the report it
  /// refers to; its NTP
  /// time is the publisher's, carried over, and says nothing about that (RFC 3550 §6.4.1).
  ///
  /// @param delay since the peer got that report, in 1/65 536 s
  void onReportBlock(SendStream stream, int lastSenderReport, int delay, long nowNanos) {
    stream.midNeeded = false;
    if (lastSenderReport == 0 || lastSenderReport != stream.reportMiddle) {
      return;
    }
    long delayNanos = (delay & 0xFFFF_FFFFL) * 1_000_000_000L >> 16;
    long trip = nowNanos - stream.reportNanos - delayNanos;
    if (trip >= 0) {
      context.counters.record(SfuHistogram.VIEWER_ROUND_TRIP, trip);
      roundTripNanos = Math.min(trip, MOST_ROUND_TRIP_NANOS);
      stream.roundTrip(trip);
    }
  }

  /// A viewer asks for a packet again: it gets it by RTX (own SSRC and numbers, RFC 4588) or not at
  /// all.
  void onNack(SendStream stream, int sequenceNumber, long nowNanos) {
    context.counters.add(SfuCounter.NACKS_RECEIVED, 1);
    stream.nacks++;
    SlotNumbers numbers = stream.slot.numbers();
    Splice splice = numbers.spliceOf(sequenceNumber);
    NetworkPath path = transport.path();
    if (splice == null || stream.rtx == null || path == null || !open) {
      context.counters.add(SfuCounter.NACKS_UNANSWERED, 1);
      return;
    }
    if (!stream.mayRetransmit(sequenceNumber, nowNanos)) {
      return;
    }
    long source = splice.toSource(numbers.unwrap(sequenceNumber));
    PacketCache cache = splice.layer().cache();
    int entry = cache.find(source);
    if (entry == PacketCache.NOT_FOUND
        || nowNanos - cache.arrivalNanos(entry) > PacketCache.MAX_AGE_NANOS
        || !budget.take(nowNanos)) {
      context.counters.add(SfuCounter.NACKS_UNANSWERED, 1);
      return;
    }
    int length = builder.buildRtx(stream, splice, source, entry, nowNanos);
    if (length > 0) {
      context.egress.commit(length, path, Egress.Kind.MEDIA_AGAIN);
      stream.onRetransmitted(sequenceNumber, nowNanos);
      context.counters.add(SfuCounter.RETRANSMISSIONS_SENT, 1);
    }
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

  private void markDirty() {
    if (!dirty) {
      dirty = true;
      context.markDirty(transport);
    }
  }

  private void forget(PacketReferences<SendStream> waiting) {
    while (!waiting.isEmpty()) {
      countDropped(waiting.flags(), EgressVerdict.PAUSED);
      waiting.remove();
    }
  }

  private void sendFirst(PacketReferences<SendStream> waiting, NetworkPath path, long nowNanos) {
    SendStream stream = waiting.stream();
    Layer layer = waiting.layer();
    long source = waiting.sequenceNumber();
    int flags = waiting.flags();
    waiting.remove();
    send(stream, layer, source, flags, path, nowNanos);
  }

  private void send(
      SendStream stream, Layer layer, long source, int flags, NetworkPath path, long nowNanos) {
    int entry = layer.cache().find(source);
    if (entry == PacketCache.NOT_FOUND
        || !open
        || nowNanos - layer.cache().arrivalNanos(entry) > MOST_WAIT_NANOS) {
      drop(stream, layer, flags, EgressVerdict.PACER_OVERFLOW);
      return;
    }
    boolean isNew = (flags & SlotOutput.NEW_SPLICE) != 0;
    int length = builder.build(stream, layer, source, entry, isNew, nowNanos);
    if (length == PacketBuilder.NO_NUMBER) {
      if (stream.slot.numbers().isSpliceLost()) {
        stream.slot.onSpliceLost(layer);
      }
      countDropped(flags, EgressVerdict.AWAITING_KEYFRAME);
    } else if (length < 0) {
      countDropped(flags, EgressVerdict.SEND_FAILED);
    } else {
      pacer.onReleased(length);
      boolean again = (flags & SlotOutput.UNCOUNTED) != 0;
      context.egress.commit(length, path, again ? Egress.Kind.MEDIA_AGAIN : Egress.Kind.MEDIA);
    }
  }

  private void drop(SendStream stream, Layer layer, int flags, EgressVerdict verdict) {
    if ((flags & SlotOutput.NEW_SPLICE) != 0) {
      stream.slot.onSpliceLost(layer);
    }
    countDropped(flags, verdict);
  }

  private void countDropped(int flags, EgressVerdict verdict) {
    if ((flags & SlotOutput.UNCOUNTED) == 0) {
      context.counters.count(verdict);
    }
  }

  private int unusedSsrc() {
    int ssrc;
    do {
      ssrc = context.random.nextInt();
    } while (ssrc == 0 || bySsrc.find(ssrc) != null);
    return ssrc;
  }
}
