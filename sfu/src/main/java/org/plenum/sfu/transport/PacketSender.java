package org.plenum.sfu.transport;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NanoTime;
import org.plenum.ice.NetworkPath;
import org.plenum.sfu.EgressVerdict;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.SfuCounter;
import org.plenum.sfu.bandwidth.Probe;
import org.plenum.sfu.bandwidth.SentHistory;
import org.plenum.sfu.bandwidth.StreamFeedback;
import org.plenum.sfu.forward.Layer;
import org.plenum.sfu.forward.Slot;
import org.plenum.sfu.forward.SlotOutput;
import org.plenum.sfu.forward.Splice;
import org.plenum.sfu.receive.PacketCache;
import org.plenum.sfu.rtp.HeaderExtensionMap;
import org.plenum.sfu.send.NumberQueue;
import org.plenum.sfu.send.Pacer;
import org.plenum.sfu.send.PacketReferences;
import org.plenum.sfu.send.RetransmissionShare;
import org.plenum.sfu.send.SendQueue;
import org.plenum.sfu.send.SentPackets;
import org.plenum.sfu.srtp.SrtpSender;

/// Sends one viewer's packets: what waits, within the budget that the downlink's estimate allows;
/// what the viewer asks for again; and probes, if the estimate asks for one. Worker's thread only.
final class PacketSender {
  /// What was sent again is not sent once more within this time, however short the round trip.
  private static final long LEAST_RESEND_PAUSE_NANOS = 20_000_000L;

  /// When so much waits and a picture begins anew, what waits of the former one is left out.
  private static final long LONG_QUEUE_NANOS = 100_000_000L;

  /// Without a picture for so long, a probe waits for none.
  private static final long PICTURE_EXPECTED_NANOS = 150_000_000L;

  /// What leaves is told to the estimate in sums over so long: it looks at half a second of it.
  private static final long TELL_NANOS = 50_000_000L;

  /// From when pictures are to come again until their key frame has come, and left.
  private static final long BEGINNING_NANOS = 250_000_000L;

  /// How far back a probe looks for packets worth repeating.
  private static final int PROBE_LOOKS_BACK = 64;

  private final TransportContext context;
  private final Transport transport;
  private final SendQueue<SendStream> queue = new SendQueue<>();
  private final SentPackets<SendStream> sent = new SentPackets<>();
  private final RetransmissionShare share = new RetransmissionShare();
  private final LargeStarts starts = new LargeStarts();
  private final Downlink downlink;
  private final PacketBuilder builder;
  private boolean streamFeedback;
  private boolean open;
  private boolean dirty;

  /// Packets at the head of the video queue that the budget has held back already. The others came
  /// in this turn, however long it takes: a worker that had no CPU drops nothing of what it read.
  private int heldBack;

  private @Nullable NetworkPath latestPath;

  /// Until when pictures that begin again leave at once.
  private long beginsUntilNanos = NanoTime.NEVER;

  /// Packets that were dropped though no budget held them back.
  private long overflows;

  // The burst that is being sent: everything that leaves counts for it.
  private final Probe probe = new Probe();
  private final Pacer probePacer = new Pacer();
  private boolean probing;

  /// Whether feedback has come since the latest burst: a second one on top of the first could not
  /// be told from it, and a narrow link would lose what matters.
  private boolean probeAnswered = true;

  /// When video waited the last time.
  private long videoNanos;

  private int probePackets;
  private int probeBytes;

  /// What has left, and the estimate has not been told of.
  private int untoldBytes;

  /// When it was told the last time.
  private long toldNanos = NanoTime.NEVER;

  /// Whether the estimate asks for a burst.
  private boolean probeAsked;

  private long repeatedFrom;

  PacketSender(
      TransportContext context, HeaderExtensionMap extensions, Transport transport, long nowNanos) {
    this.context = context;
    this.transport = transport;
    this.downlink = new Downlink(sent, context.counters, nowNanos);
    this.videoNanos = nowNanos;
    this.builder = new PacketBuilder(context, sent, extensions);
    downlink.numbered(builder.numbers());
  }

  void extensions(HeaderExtensionMap renegotiated) {
    builder.extensions(renegotiated);
    downlink.numbered(builder.numbers() || streamFeedback);
  }

  /// Whether the viewer reports by RFC 8888, and so needs no transport-wide numbers.
  ///
  /// @param numbers finds packets by stream; null: it does not
  void streamFeedback(StreamFeedback.@Nullable Numbers numbers) {
    streamFeedback = numbers != null;
    downlink.streamFeedback(numbers);
    downlink.numbered(builder.numbers() || streamFeedback);
  }

  HeaderExtensionMap extensionsOf(SendStream stream) {
    return builder.extensionsOf(stream);
  }

  SentPackets<SendStream> sent() {
    return sent;
  }

  Downlink downlink() {
    return downlink;
  }

  /// How long the video that waits takes to leave, in nanoseconds.
  long queueDelayNanos() {
    return queue.delayNanos();
  }

  boolean isOpen() {
    return open && transport.path() != null;
  }

  void open() {
    open = true;
  }

  void close() {
    open = false;
    forget(queue.sound());
    forget(queue.video());
    queue.retransmissions().clear();
    sent.clear();
    context.schedule.forget(transport);
  }

  void enqueue(
      SendStream stream,
      Layer layer,
      long sequenceNumber,
      long omittedBefore,
      int lengthBytes,
      int flags) {
    boolean audio = stream.slot.kind() == MediaKind.AUDIO;
    PacketReferences<SendStream> waiting = waiting(stream);
    boolean isNew = (flags & SlotOutput.NEW_SPLICE) != 0;
    if (isNew && !audio && queue.delayNanos() > LONG_QUEUE_NANOS) {
      dropWaiting(stream, EgressVerdict.PACER_OVERFLOW);
    }
    int origin = stream.origin(layer, waiting);
    if (waiting.add(origin, sequenceNumber, omittedBefore, lengthBytes, flags)) {
      markDirty();
    } else {
      if (isNew) {
        stream.slot.onStartTaken();
      }
      // Sound never waits for the budget.
      overflows += audio ? 1 : 0;
      if (isNew || !audio) {
        stream.slot.onOverflow(layer);
      }
      countDropped(flags, EgressVerdict.PACER_OVERFLOW);
    }
  }

  private PacketReferences<SendStream> waiting(SendStream stream) {
    return stream.slot.kind() == MediaKind.AUDIO ? queue.sound() : queue.video();
  }

  /// The stream's slot has ended.
  void end(SendStream stream) {
    dropWaiting(stream, EgressVerdict.PAUSED);
    stream.end(waiting(stream));
  }

  /// What is known of the way to the viewer at this moment.
  PathReading reading(long roundTripNanos) {
    return new PathReading(
        sent.nextNumber(),
        sent.refused(),
        overflows,
        sent.reported(),
        sent.lost(),
        roundTripNanos,
        queue.delayNanos());
  }

  /// What waits of one stream does not leave: a key frame that has come need not wait behind what
  /// it replaces. The others keep their order.
  private void dropWaiting(SendStream stream, EgressVerdict verdict) {
    PacketReferences<SendStream> waiting = waiting(stream);
    int heldBackBefore = waiting == queue.video() ? heldBack : 0;
    int size = waiting.size();
    for (int i = 0; i < size; i++) {
      if (waiting.stream() != stream) {
        waiting.moveToEnd();
        continue;
      }
      Layer layer = waiting.layer();
      int flags = waiting.flags();
      waiting.remove();
      heldBack -= i < heldBackBefore ? 1 : 0;
      if ((flags & SlotOutput.NEW_SPLICE) != 0) {
        stream.slot.onStartTaken();
      }
      drop(stream, layer, flags, verdict);
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
    notePath(path, nowNanos);
    if (!queue.video().isEmpty()) {
      videoNanos = nowNanos;
      if (probeAsked) {
        startProbe(nowNanos);
      }
    }
    for (var turn = queue.next(nowNanos); turn != null; turn = queue.next(nowNanos)) {
      switch (turn) {
        case SOUND -> sendFirst(queue.sound(), path, nowNanos);
        case RETRANSMISSION -> sendAgain(queue.retransmissions().remove(), path, nowNanos);
        case VIDEO -> sendFirst(queue.video(), path, nowNanos);
      }
    }
    heldBack = queue.video().size();
    if (probing) {
      sendProbe(path, nowNanos);
    }
    if (toldNanos == NanoTime.NEVER || nowNanos - toldNanos >= TELL_NANOS) {
      tellSent(nowNanos);
    }
    long nextNanos = queue.nextNanos(nowNanos);
    if (probing) {
      nextNanos = NanoTime.earlier(nextNanos, probePacer.nextReleaseNanos(nowNanos));
    }
    if (nextNanos != NanoTime.NEVER) {
      context.schedule.wakeAt(transport, nextNanos);
    }
  }

  private void notePath(NetworkPath path, long nowNanos) {
    if (path == latestPath || path.equals(latestPath)) {
      return;
    }
    if (latestPath != null) {
      downlink.onNetworkChanged(nowNanos);
      probeAsked = downlink.hasProbe();
    }
    latestPath = path;
    pace(nowNanos);
  }

  /// A viewer asks for a packet again: it gets it by RTX (own SSRC and numbers, RFC 4588) or not at
  /// all. What was sent again already is not for another round trip, in which the viewer could not
  /// know of it.
  void onNack(SendStream stream, int sequenceNumber, long roundTripNanos, long nowNanos) {
    context.counters.add(SfuCounter.NACKS_RECEIVED, 1);
    stream.nacks++;
    int entry = stream.findSent(sequenceNumber);
    if (entry == SentPackets.NOT_FOUND || !isOpen() || !isWorthSendingAgain(entry, nowNanos)) {
      context.counters.add(SfuCounter.NACKS_UNANSWERED, 1);
      return;
    }
    boolean isAgain = sent.kind(entry) == SentPackets.Kind.RETRANSMISSION;
    // The viewer's idea of the round trip is not quite ours.
    long pauseNanos = Math.max(LEAST_RESEND_PAUSE_NANOS, roundTripNanos * 3 / 4);
    if (isAgain && nowNanos - sent.sendNanos(entry) < pauseNanos || !sent.askFor(entry)) {
      return;
    }
    if (queue.retransmissions().add(sent.number(entry))) {
      markDirty();
    } else {
      sent.withdraw(entry);
      context.counters.add(SfuCounter.NACKS_UNANSWERED, 1);
    }
  }

  /// Not if the packet is gone or no longer of use, nor beyond the share of what is sent that may
  /// be sent again. A packet from before the slot's present splice is of no use: a key frame has
  /// followed it, or will soon where a smaller layer is to take over.
  private boolean isWorthSendingAgain(int sentEntry, long nowNanos) {
    Slot slot = sent.stream(sentEntry).slot;
    Splice splice = sent.splice(sentEntry);
    return splice != null
        && splice == slot.numbers().newest()
        && !slot.isLeaving(splice.layer())
        && isRepeatable(sentEntry, nowNanos)
        && share.mayResend(sent.bytes(sentEntry), nowNanos);
  }

  private boolean isRepeatable(int sentEntry, long nowNanos) {
    Splice splice = sent.splice(sentEntry);
    if (splice == null || sent.stream(sentEntry).rtx == null) {
      return false;
    }
    PacketCache cache = splice.layer().cache();
    int entry = cache.find(sent.source(sentEntry));
    return entry != PacketCache.NOT_FOUND
        && nowNanos - cache.arrivalNanos(entry) <= PacketCache.MAX_AGE_NANOS;
  }

  /// What the viewer's feedback says is lost and nobody has asked for is sent again by itself: its
  /// NACK got lost, or what was sent again did, which the viewer notices a round trip later only.
  private void sendLostAgain(long nowNanos) {
    NumberQueue lost = sent.lostMedia();
    while (!lost.isEmpty()) {
      int entry = sent.find(lost.remove());
      if (entry != SentPackets.NOT_FOUND
          && sent.fate(entry) == SentHistory.Fate.LOST
          && sent.stream(entry).isSentLast(entry)
          && isOpen()
          && isWorthSendingAgain(entry, nowNanos)
          && sent.askFor(entry)) {
        if (queue.retransmissions().add(sent.number(entry))) {
          markDirty();
        } else {
          sent.withdraw(entry);
        }
      }
    }
  }

  /// What would be sent if the path carried anything, bit/s.
  void demand(long bitrateBps, long nowNanos) {
    downlink.onDemand(bitrateBps, nowNanos);
    probeAsked = downlink.hasProbe();
  }

  /// Feedback of the viewer came, and has been read: the budget may be another one.
  void onEstimate(long nowNanos) {
    tellSent(nowNanos);
    sendLostAgain(nowNanos);
    probeAnswered |= !probing;
    if (probing && downlink.estimator().shouldStopProbe()) {
      stopProbe();
    }
    startProbe(nowNanos);
    pace(nowNanos);
    if (downlink.spareBps() < 0) {
      transport.onUrgent(); // more was given out than there is
    }
  }

  void onTimeout(long nowNanos) {
    tellSent(nowNanos);
    downlink.onTimeout(nowNanos);
    startProbe(nowNanos);
    pace(nowNanos);
  }

  /// Pictures begin again, and of a path that has carried next to nothing meanwhile an estimate
  /// says nothing: their beginning leaves at once, as that of a viewer who has just come. Not where
  /// the path is known to be narrow.
  void beginAnew(long nowNanos) {
    beginsUntilNanos = NanoTime.after(nowNanos, BEGINNING_NANOS);
    pace(nowNanos);
  }

  private boolean isBeginning(long nowNanos) {
    return beginsUntilNanos != NanoTime.NEVER
        && !NanoTime.isDue(beginsUntilNanos, nowNanos)
        && !downlink.estimator().isBottleneckKnown();
  }

  private void pace(long nowNanos) {
    queue.pacer().ample(downlink.hasRoomToSpare());
    long rateBps = Math.max(downlink.pacingBps(), probing ? probe.rateBps() : 0);
    if (isBeginning(nowNanos)) {
      rateBps = Downlink.UNLIMITED;
    } else if (starts.isHolding(nowNanos) && !probing) {
      // For as long as seconds nothing else evens out what a burst adds to the path's queue.
      rateBps = Math.min(rateBps, downlink.targetBps());
    }
    if (rateBps != queue.pacer().rateBps()) {
      queue.pacer().rate(rateBps, nowNanos);
      if (!queue.isEmpty()) {
        markDirty();
      }
    }
  }

  private void startProbe(long nowNanos) {
    probeAsked = downlink.hasProbe();
    if (!probing
        && probeAnswered
        && probeAsked
        && isOpen()
        && isTimeToProbe(nowNanos)
        && downlink.takeProbe(probe, nowNanos)) {
      probing = true;
      probeAnswered = false;
      probePackets = 0;
      probeBytes = 0;
      repeatedFrom = sent.nextNumber();
      probePacer.rate(Pacer.UNLIMITED, nowNanos);
      probePacer.rate(probe.rateBps(), nowNanos);
      pace(nowNanos);
      markDirty();
    }
  }

  /// Where the bottleneck is known, a burst that begins with a picture adds the least to it: most
  /// of what it needs would have been sent anyway.
  private boolean isTimeToProbe(long nowNanos) {
    return !downlink.estimator().isBottleneckKnown()
        || !queue.video().isEmpty()
        || nowNanos - videoNanos > PICTURE_EXPECTED_NANOS;
  }

  private void stopProbe() {
    probing = false;
    downlink.estimator().onProbeStopped(probe.id(), probePackets, probeBytes);
  }

  /// Fills what the burst still lacks: packets that were sent lately, which mend what got lost on
  /// the way, else padding.
  private void sendProbe(NetworkPath path, long nowNanos) {
    while (probing && probePacer.mayRelease(nowNanos)) {
      int entry = nextToRepeat(nowNanos);
      boolean wasSent =
          entry == SentPackets.NOT_FOUND
              ? sendPadding(path, nowNanos)
              : repeat(entry, path, nowNanos);
      if (!wasSent) {
        stopProbe();
        pace(nowNanos);
      }
    }
  }

  /// Going back from the latest packet, the next that is worth repeating.
  private int nextToRepeat(long nowNanos) {
    long last = Math.max(0, repeatedFrom - PROBE_LOOKS_BACK);
    while (repeatedFrom > last) {
      int entry = sent.find(--repeatedFrom);
      if (entry != SentPackets.NOT_FOUND
          && sent.kind(entry) == SentPackets.Kind.MEDIA
          && isRepeatable(entry, nowNanos)) {
        return entry;
      }
    }
    return SentPackets.NOT_FOUND;
  }

  private boolean sendPadding(NetworkPath path, long nowNanos) {
    SendStream stream = transport.sender().streamForPadding();
    int length = stream == null ? PacketBuilder.FAILED : builder.buildPadding(stream, nowNanos);
    if (stream == null || length < 0) {
      return false;
    }
    context.counters.add(SfuCounter.PROBES_SENT, 1);
    long number = sent.add(SentPackets.Kind.PADDING, length, probe.id(), nowNanos);
    stream.onPadding(number);
    handOver(length, path, Egress.Kind.MEDIA_AGAIN, number, nowNanos);
    return true;
  }

  private boolean repeat(int entry, NetworkPath path, long nowNanos) {
    if (!resend(entry, path, nowNanos)) {
      return false;
    }
    context.counters.add(SfuCounter.PROBES_SENT, 1);
    return true;
  }

  private void sendFirst(PacketReferences<SendStream> waiting, NetworkPath path, long nowNanos) {
    SendStream stream = waiting.stream();
    Layer layer = waiting.layer();
    long source = waiting.sequenceNumber();
    long omittedBefore = waiting.omittedBefore();
    int flags = waiting.flags();
    waiting.remove();
    if ((flags & SlotOutput.NEW_SPLICE) != 0) {
      stream.slot.onStartTaken();
    }
    boolean wasHeldBack = waiting == queue.video() && heldBack > 0;
    heldBack -= wasHeldBack ? 1 : 0;
    if (!open || !isUsable(stream, layer.cache(), source, wasHeldBack, nowNanos)) {
      overflows += open && !wasHeldBack ? 1 : 0;
      drop(stream, layer, flags, EgressVerdict.PACER_OVERFLOW);
      return;
    }
    if ((flags & SlotOutput.BLANK) != 0) {
      sendBlank(stream, layer, source, omittedBefore, path, nowNanos);
      return;
    }
    boolean isNew = (flags & SlotOutput.NEW_SPLICE) != 0;
    int length = builder.build(stream, layer, source, omittedBefore, isNew, nowNanos);
    if (builder.takeTargetUnsaid()) {
      stream.slot.sayTargetAgain();
    }
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
              stream.origin(splice),
              source,
              sequenceNumber,
              omittedBefore,
              length,
              probeId(),
              nowNanos);
      stream.onSent(sequenceNumber, number);
      if (waiting == queue.video() && (isNew || stream.keyLeaving)) {
        noteKeyFrame(stream, layer, source, isNew, length, nowNanos);
      }
      handOver(length, path, again ? Egress.Kind.MEDIA_AGAIN : Egress.Kind.MEDIA, number, nowNanos);
      Protection protection = stream.protection;
      if (protection != null && protection.isFull()) {
        sendRepair(stream, protection, path, nowNanos);
      }
    }
  }

  private void noteKeyFrame(
      SendStream stream, Layer layer, long source, boolean isNew, int lengthBytes, long nowNanos) {
    PacketCache cache = layer.cache();
    int entry = cache.find(source);
    if (entry != PacketCache.NOT_FOUND) {
      if (isNew) {
        boolean smallest = layer == layer.track().smallestLayer();
        starts.onStarted(stream, cache.timestamp(entry), smallest, nowNanos);
      }
      starts.onSent(stream, cache.timestamp(entry), cache.marker(entry), lengthBytes, nowNanos);
    }
  }

  boolean isHolding(SendStream stream, long nowNanos) {
    return starts.isHolding(stream, nowNanos);
  }

  /// Whether the key frame that the stream began with is on its way to the viewer.
  boolean isKeyFrameOnItsWay(SendStream stream, long roundTripNanos, long nowNanos) {
    return starts.isOnItsWay(stream, roundTripNanos, nowNanos);
  }

  private void sendBlank(
      SendStream stream,
      Layer layer,
      long source,
      long omittedBefore,
      NetworkPath path,
      long nowNanos) {
    int length = builder.buildBlank(stream, layer, source, omittedBefore, nowNanos);
    if (length > 0) {
      long number = sent.add(SentPackets.Kind.PADDING, length, probeId(), nowNanos);
      handOver(length, path, Egress.Kind.MEDIA_AGAIN, number, nowNanos);
    }
  }

  /// Right behind the packets that it protects; what it takes, the next ones wait for.
  private void sendRepair(
      SendStream stream, Protection protection, NetworkPath path, long nowNanos) {
    SrtpSender srtp = transport.srtpSender();
    int length =
        srtp == null
            ? PacketBuilder.FAILED
            : builder.buildRepair(stream, protection, srtp, nowNanos);
    if (length < 0) {
      protection.beginGroup();
      return;
    }
    context.counters.add(SfuCounter.REPAIRS_SENT, 1);
    long number = sent.add(SentPackets.Kind.REPAIR, length, probeId(), nowNanos);
    handOver(length, path, Egress.Kind.MEDIA_AGAIN, number, nowNanos);
  }

  private boolean isUsable(
      SendStream stream, PacketCache cache, long source, boolean wasHeldBack, long nowNanos) {
    int entry = cache.find(source);
    if (entry == PacketCache.NOT_FOUND) {
      return false;
    }
    if (wasHeldBack && !starts.mayLeave(stream, nowNanos - cache.arrivalNanos(entry), nowNanos)) {
      starts.onRefused(stream, nowNanos);
      return false;
    }
    return true;
  }

  /// @param number of the packet as it was sent last
  private void sendAgain(long number, NetworkPath path, long nowNanos) {
    int entry = sent.find(number);
    if (entry != SentPackets.NOT_FOUND) {
      sent.withdraw(entry);
      SendStream stream = sent.stream(entry);
      int lengthBytes = sent.bytes(entry);
      if (isWorthSendingAgain(entry, nowNanos) && resend(entry, path, nowNanos)) {
        share.onSentAgain(lengthBytes, nowNanos);
        stream.onRetransmitted();
        context.counters.add(SfuCounter.RETRANSMISSIONS_SENT, 1);
        return;
      }
    }
    context.counters.add(SfuCounter.NACKS_UNANSWERED, 1);
  }

  private boolean resend(int entry, NetworkPath path, long nowNanos) {
    SendStream stream = sent.stream(entry);
    int length = builder.buildRtx(stream, entry, nowNanos);
    if (length < 0) {
      return false;
    }
    long sequenceNumber = sent.sequenceNumber(entry);
    long number =
        sent.add(
            SentPackets.Kind.RETRANSMISSION,
            sent.origin(entry),
            sent.source(entry),
            sequenceNumber,
            sent.omittedBefore(entry),
            length,
            probeId(),
            nowNanos);
    stream.onSentAgain(sequenceNumber, number);
    handOver(length, path, Egress.Kind.MEDIA_AGAIN, number, nowNanos);
    return true;
  }

  private int probeId() {
    return probing ? probe.id() : Probe.NONE;
  }

  private void handOver(
      int length, NetworkPath path, Egress.Kind kind, long number, long nowNanos) {
    queue.pacer().onReleased(length);
    untoldBytes += length;
    if (probing) {
      probePacer.onReleased(length);
      probePackets++;
      probeBytes += length;
      if (probePackets >= probe.minPackets() && probeBytes >= probe.minBytes()) {
        probing = false;
        pace(nowNanos);
      }
    }
    context.egress.commit(length, path, kind, sent, number);
  }

  private void tellSent(long nowNanos) {
    if (untoldBytes > 0) {
      share.onSent(untoldBytes, nowNanos);
      downlink.onSent(untoldBytes, nowNanos);
      untoldBytes = 0;
      toldNanos = nowNanos;
      probeAsked = downlink.hasProbe();
    }
  }

  /// A picture that lacks a packet can't be decoded, nor what follows it: video goes on with the
  /// next key frame.
  private void drop(SendStream stream, Layer layer, int flags, EgressVerdict verdict) {
    if (stream.slot.kind() == MediaKind.VIDEO || (flags & SlotOutput.NEW_SPLICE) != 0) {
      stream.slot.onSpliceLost(layer);
    }
    countDropped(flags, verdict);
  }

  private void markDirty() {
    if (!dirty) {
      dirty = true;
      context.schedule.markDirty(transport);
    }
  }

  private void forget(PacketReferences<SendStream> waiting) {
    while (!waiting.isEmpty()) {
      if ((waiting.flags() & SlotOutput.NEW_SPLICE) != 0) {
        waiting.stream().slot.onStartTaken();
      }
      countDropped(waiting.flags(), EgressVerdict.PAUSED);
      waiting.remove();
    }
  }

  private void countDropped(int flags, EgressVerdict verdict) {
    if ((flags & SlotOutput.UNCOUNTED) == 0) {
      context.counters.count(verdict);
    }
  }
}
