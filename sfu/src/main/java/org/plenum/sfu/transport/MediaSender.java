package org.plenum.sfu.transport;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NanoTime;
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
import org.plenum.sfu.send.PacketReferences;
import org.plenum.sfu.send.RetransmissionShare;
import org.plenum.sfu.send.SendQueue;
import org.plenum.sfu.send.SentPackets;
import org.plenum.sfu.srtp.SrtpSender;

/// The sending half of a transport: the slots' streams, retransmissions, and RTCP. Worker's thread
/// only.
public final class MediaSender {
  /// Until the first report: an ordinary path.
  private static final long UNKNOWN_ROUND_TRIP_NANOS = 100_000_000L;

  private static final long MOST_ROUND_TRIP_NANOS = 2_000_000_000L;

  /// A ceiling below this is taken for this: a call needs so much.
  private static final long LEAST_CEILING_BPS = 50_000;

  /// A packet that waited for longer is of no use to the viewer any more.
  private static final long MOST_WAIT_NANOS = 500_000_000L;

  /// What was sent again is not sent once more within this time, however short the round trip.
  private static final long LEAST_RESEND_PAUSE_NANOS = 20_000_000L;

  private static final int NO_PROBE = 0;

  private final TransportContext context;
  private final Transport transport;
  private final SendQueue<SendStream> queue = new SendQueue<>();
  private final SentPackets<SendStream> sent = new SentPackets<>();
  private final RetransmissionShare share = new RetransmissionShare();
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
    this.builder = new PacketBuilder(context, sent, extensions);
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
            sent,
            context.counters);
    streams.add(stream);
    bySsrc.put(numbers.ssrc(), stream);
    SrtpSender srtp = transport.srtpSender();
    if (srtp != null) {
      stream.open(srtp);
    }
    return stream.slot;
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
    queue.pacer().rate(Math.max(LEAST_CEILING_BPS, bitrateBps), nowNanos);
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
    forget(queue.sound());
    forget(queue.video());
    queue.retransmissions().clear();
    sent.clear();
  }

  void enqueue(
      SendStream stream,
      Layer layer,
      long sequenceNumber,
      long omittedBefore,
      int lengthBytes,
      int flags) {
    boolean audio = stream.slot.kind() == MediaKind.AUDIO;
    PacketReferences<SendStream> waiting = audio ? queue.sound() : queue.video();
    if (waiting.add(stream, layer, sequenceNumber, omittedBefore, lengthBytes, flags)) {
      markDirty();
    } else {
      drop(stream, layer, flags, EgressVerdict.PACER_OVERFLOW);
    }
  }

  /// What waited for the budget may leave now, or soon.
  void onSendDue() {
    markDirty();
  }

  /// The out phase: sends what the budget allows.
  void sendWaiting(long nowNanos) {
    dirty = false;
    NetworkPath path = transport.path();
    if (path == null) {
      return;
    }
    for (var turn = queue.next(nowNanos); turn != null; turn = queue.next(nowNanos)) {
      switch (turn) {
        case SOUND -> sendFirst(queue.sound(), path, nowNanos);
        case RETRANSMISSION -> sendAgain(queue.retransmissions().remove(), path, nowNanos);
        case VIDEO -> sendFirst(queue.video(), path, nowNanos);
      }
    }
    long nextNanos = queue.nextNanos(nowNanos);
    if (nextNanos != NanoTime.NEVER) {
      context.schedule.wakeAt(transport, nextNanos);
    }
  }

  /// Whether a report for a new splice waits for the next [#onTimeout].
  boolean isUrgent() {
    return reportDue;
  }

  /// A slot goes on under a new splice: its viewer needs a report soon.
  void onSplice() {
    reportDue = true;
  }

  /// Reports and other things that are due.
  void onTimeout(Iterable<Track> tracks, long nowNanos) {
    reportDue = false;
    rtcp.onTimeout(streams, tracks, nowNanos);
  }

  /// A report on one of our streams. The round trip is counted from when we sent the report it
  /// refers to; its NTP time is the publisher's, carried over, and says nothing about that
  /// (RFC 3550 §6.4.1).
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
  /// all. What was sent again already is not for another round trip, in which the viewer could not
  /// know of it.
  void onNack(SendStream stream, int sequenceNumber, long nowNanos) {
    context.counters.add(SfuCounter.NACKS_RECEIVED, 1);
    stream.nacks++;
    int entry = stream.findSent(sequenceNumber);
    if (entry == SentPackets.NOT_FOUND || !open || !isWorthSendingAgain(entry, nowNanos)) {
      context.counters.add(SfuCounter.NACKS_UNANSWERED, 1);
      return;
    }
    boolean isAgain = sent.kind(entry) == SentPackets.Kind.RETRANSMISSION;
    if (isAgain && nowNanos - sent.sentNanos(entry) < resendPauseNanos() || !sent.askFor(entry)) {
      return;
    }
    if (queue.retransmissions().add(sent.number(entry))) {
      markDirty();
    } else {
      sent.withdraw(entry);
      context.counters.add(SfuCounter.NACKS_UNANSWERED, 1);
    }
  }

  /// Not if the packet is gone or of no use any more, nor beyond the share of what is sent that may
  /// be sent again.
  private boolean isWorthSendingAgain(int sentEntry, long nowNanos) {
    Splice splice = sent.splice(sentEntry);
    if (splice == null) {
      return false;
    }
    PacketCache cache = splice.layer().cache();
    int entry = cache.find(sent.source(sentEntry));
    return entry != PacketCache.NOT_FOUND
        && nowNanos - cache.arrivalNanos(entry) <= PacketCache.MAX_AGE_NANOS
        && share.mayResend(sent.lengthBytes(sentEntry), nowNanos);
  }

  private long resendPauseNanos() {
    return Math.max(LEAST_RESEND_PAUSE_NANOS, roundTripNanos());
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
      context.schedule.markDirty(transport);
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
    long omittedBefore = waiting.omittedBefore();
    int flags = waiting.flags();
    waiting.remove();
    if (!open || !isFresh(layer.cache(), source, nowNanos)) {
      drop(stream, layer, flags, EgressVerdict.PACER_OVERFLOW);
      return;
    }
    boolean isNew = (flags & SlotOutput.NEW_SPLICE) != 0;
    int length = builder.build(stream, layer, source, omittedBefore, isNew, nowNanos);
    if (length == PacketBuilder.NO_NUMBER) {
      if (stream.slot.numbers().isSpliceLost()) {
        stream.slot.onSpliceLost(layer);
      }
      countDropped(flags, EgressVerdict.AWAITING_KEYFRAME);
    } else if (length < 0) {
      countDropped(flags, EgressVerdict.SEND_FAILED);
    } else {
      boolean again = (flags & SlotOutput.UNCOUNTED) != 0;
      Splice splice = Objects.requireNonNull(stream.slot.numbers().newest());
      long sequenceNumber = splice.sequenceNumber(source, omittedBefore);
      long number =
          sent.add(
              SentPackets.Kind.MEDIA,
              stream,
              splice,
              source,
              sequenceNumber,
              omittedBefore,
              length,
              NO_PROBE,
              nowNanos);
      stream.onSent(sequenceNumber, number);
      handOver(length, path, again ? Egress.Kind.MEDIA_AGAIN : Egress.Kind.MEDIA, number, nowNanos);
    }
  }

  private static boolean isFresh(PacketCache cache, long source, long nowNanos) {
    int entry = cache.find(source);
    return entry != PacketCache.NOT_FOUND
        && nowNanos - cache.arrivalNanos(entry) <= MOST_WAIT_NANOS;
  }

  /// @param number of the packet as it was sent last
  private void sendAgain(long number, NetworkPath path, long nowNanos) {
    int entry = sent.find(number);
    if (entry == SentPackets.NOT_FOUND) {
      context.counters.add(SfuCounter.NACKS_UNANSWERED, 1);
      return;
    }
    sent.withdraw(entry);
    SendStream stream = sent.stream(entry);
    int length =
        isWorthSendingAgain(entry, nowNanos)
            ? builder.buildRtx(stream, entry, nowNanos)
            : PacketBuilder.FAILED;
    if (length < 0) {
      context.counters.add(SfuCounter.NACKS_UNANSWERED, 1);
      return;
    }
    long sequenceNumber = sent.sequenceNumber(entry);
    long again =
        sent.add(
            SentPackets.Kind.RETRANSMISSION,
            stream,
            sent.splice(entry),
            sent.source(entry),
            sequenceNumber,
            sent.omittedBefore(entry),
            length,
            NO_PROBE,
            nowNanos);
    stream.onSent(sequenceNumber, again);
    stream.onRetransmitted();
    context.counters.add(SfuCounter.RETRANSMISSIONS_SENT, 1);
    handOver(length, path, Egress.Kind.MEDIA_AGAIN, again, nowNanos);
  }

  private void handOver(
      int length, NetworkPath path, Egress.Kind kind, long number, long nowNanos) {
    queue.pacer().onReleased(length);
    boolean isAgain = sent.kind(sent.find(number)) == SentPackets.Kind.RETRANSMISSION;
    share.onSent(length, isAgain, nowNanos);
    context.egress.commit(length, path, kind, sent, number);
  }

  /// A picture that lacks a packet can't be decoded, nor what follows it: video goes on with the
  /// next key frame.
  private void drop(SendStream stream, Layer layer, int flags, EgressVerdict verdict) {
    if (stream.slot.kind() == MediaKind.VIDEO || (flags & SlotOutput.NEW_SPLICE) != 0) {
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
