package org.plenum.sfu.transport;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NanoTime;
import org.plenum.sfu.Codec;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.Mid;
import org.plenum.sfu.ParticipantStatistics;
import org.plenum.sfu.counters.WorkerCounters;
import org.plenum.sfu.forward.Layer;
import org.plenum.sfu.forward.Slot;
import org.plenum.sfu.forward.SlotNumbers;
import org.plenum.sfu.forward.SlotOutput;
import org.plenum.sfu.forward.Splice;
import org.plenum.sfu.forward.Track;
import org.plenum.sfu.rtp.HeaderExtension;
import org.plenum.sfu.rtp.HeaderExtensionMap;
import org.plenum.sfu.send.PacketReferences;
import org.plenum.sfu.send.SentIndex;
import org.plenum.sfu.send.SentPackets;
import org.plenum.sfu.send.StreamNumbers;
import org.plenum.sfu.srtp.SrtpSender;

/// The transport's side of one slot: its SRTP streams and what must be said about it in RTCP.
/// Worker's thread only.
final class SendStream implements SlotOutput {
  final Slot slot;
  final byte[] midBytes;

  /// Ids of the header extensions in this section; null: those of the transport.
  @Nullable HeaderExtensionMap extensions;

  SrtpSender.@Nullable Stream media;
  SrtpSender.@Nullable Stream rtx;

  /// The MID extension is sent until the first receiver report for the SSRC, and again after a
  /// rebinding.
  boolean midNeeded = true;

  /// Middle 32 bits of the NTP time in the latest sender report, and when it was sent: what a
  /// receiver report refers to.
  int reportMiddle;

  long reportNanos;

  /// A sender report is to go out at the next opportunity.
  boolean reportDue;

  /// How much of it is repeated; null for video.
  final @Nullable Repetition repetition;

  /// Its repair packets; null if the viewer never took any.
  @Nullable Protection protection;

  /// What the receiver asked for, and what it got again.
  long nacks;

  /// When the first packet of the latest key frame that it began with left; see [LargeStarts].
  long startedNanos = NanoTime.NEVER;

  /// Of that key frame.
  int keyTimestamp;

  /// Whether some of it is still to leave.
  boolean keyLeaving;

  /// Whether its track has no smaller layer.
  boolean keySmallest;

  /// How much of it has left.
  int keyBytes;

  /// When its last packet left.
  long keyLeftNanos = NanoTime.NEVER;

  /// How many key frames in a row did not get to the viewer.
  int failedStarts;

  private long retransmitted;
  long keyFrameRequests;

  // The receiver's latest report.
  private boolean reported;
  private long reportedNanos;
  private int reportedFraction;
  private int reportedLost;
  private int reportedJitter;
  private long roundTripNanos = ParticipantStatistics.UNKNOWN;

  private final MediaSender sender;
  private final PacketSender packets;
  private final SentIndex index;

  // As what its packets wait and were sent last: numbers, which cost less for each packet.
  private @Nullable Layer waitingOf;
  private int waitingOrigin = PacketReferences.NO_ORIGIN;
  private @Nullable Splice sentOf;
  private int sentOrigin = SentPackets.NO_ORIGIN;

  /// Null unless the viewer names packets by stream.
  private @Nullable StreamNumbers numbers;

  private @Nullable StreamNumbers rtxNumbers;

  SendStream(
      MediaSender sender,
      PacketSender packets,
      Mid mid,
      MediaKind kind,
      List<Codec> codecs,
      SlotNumbers numbers,
      WorkerCounters counters) {
    this.sender = sender;
    this.packets = packets;
    this.index = new SentIndex(packets.sent());
    this.repetition = kind == MediaKind.AUDIO ? new Repetition() : null;
    this.midBytes = mid.value().getBytes(StandardCharsets.ISO_8859_1);
    this.slot = new Slot(mid, kind, codecs, numbers, this, counters);
  }

  @Override
  public boolean isOpen() {
    return packets.isOpen();
  }

  @Override
  public void onLayersChanged() {
    sender.onLayersChanged();
  }

  @Override
  public void onKeyFrameWanted() {
    sender.onKeyFrameWanted();
  }

  @Override
  public boolean carriesDescriptors() {
    return packets.extensionsOf(this).id(HeaderExtension.DEPENDENCY_DESCRIPTOR) != 0;
  }

  @Override
  public void enqueue(Layer layer, long sequenceNumber, int entry, long omittedBefore, int flags) {
    int lengthBytes = layer.cache().length(entry);
    packets.enqueue(this, layer, sequenceNumber, omittedBefore, lengthBytes, flags);
  }

  /// The number under which a packet of this layer waits there.
  int origin(Layer layer, PacketReferences<SendStream> waiting) {
    if (waitingOf != layer) {
      waiting.release(waitingOrigin);
      waitingOrigin = waiting.open(this, layer);
      waitingOf = layer;
    }
    return waitingOrigin;
  }

  /// The number under which a packet of this splice is sent.
  int origin(Splice splice) {
    if (sentOf != splice) {
      packets.sent().release(sentOrigin);
      sentOrigin = packets.sent().open(this, splice);
      sentOf = splice;
    }
    return sentOrigin;
  }

  /// Nothing more is sent on it.
  void end(PacketReferences<SendStream> waiting) {
    waiting.release(waitingOrigin);
    waitingOrigin = PacketReferences.NO_ORIGIN;
    waitingOf = null;
    packets.sent().release(sentOrigin);
    sentOrigin = SentPackets.NO_ORIGIN;
    sentOf = null;
  }

  void open(SrtpSender srtp) {
    SlotNumbers numbers = slot.numbers();
    media = srtp.stream(numbers.ssrc());
    if (numbers.rtxSsrc() != 0) {
      rtx = srtp.stream(numbers.rtxSsrc());
    }
    slot.onOutputOpen();
  }

  /// The slot goes on under a new splice.
  void onSplice() {
    midNeeded = true;
    reportDue = true;
    sender.onSplice();
  }

  /// The receiver reports.
  ///
  /// @param fraction of the packets since its report before that were lost, in 1/256
  /// @param lost packets in all
  /// @param jitter in timestamp units
  void onReport(int fraction, int lost, int jitter, long nowNanos) {
    reported = true;
    reportedNanos = nowNanos;
    reportedFraction = fraction;
    reportedLost = lost;
    reportedJitter = jitter;
  }

  /// This part of what the receiver was sent was lost, 0 to 1: of this stream, or of everything.
  void onLoss(double fraction, long nowNanos) {
    if (repetition != null) {
      repetition.onLoss(fraction, nowNanos);
    }
  }

  void roundTrip(long nanos) {
    roundTripNanos = nanos;
  }

  /// What was counted here; null if the slot is empty.
  ParticipantStatistics.@Nullable SlotStatistics statistics() {
    Track track = slot.bound();
    if (track == null) {
      return null;
    }
    Layer forwarded = slot.forwarded();
    Layer layer = forwarded != null && forwarded.track() == track ? forwarded : null;
    SlotNumbers numbers = slot.numbers();
    return new ParticipantStatistics.SlotStatistics(
        slot.mid(),
        track.publisher(),
        track.id(),
        track.source(),
        layer == null ? null : layer.rid(),
        layer == null ? 0 : layer.height(),
        numbers.packetCount(),
        numbers.octetCount(),
        retransmitted,
        nacks,
        keyFrameRequests,
        report());
  }

  private ParticipantStatistics.@Nullable Report report() {
    if (!reported) {
      return null;
    }
    return new ParticipantStatistics.Report(reportedLost, jitterNanos(), roundTripNanos);
  }

  private long jitterNanos() {
    return (reportedJitter & 0xFFFF_FFFFL) * 1_000_000_000L / slot.numbers().clockRate();
  }

  /// What is known of it at this moment.
  SlotReading reading(long nowNanos) {
    return new SlotReading(
        nacks,
        reported ? nowNanos - reportedNanos : SlotReading.NEVER,
        reportedFraction / 256.0,
        reported ? jitterNanos() : 0);
  }

  /// Whether the viewer's feedback names packets by stream (RFC 8888).
  void streamFeedback(boolean negotiated) {
    if (!negotiated) {
      numbers = null;
      rtxNumbers = null;
    } else if (numbers == null) {
      numbers = new StreamNumbers(packets.sent());
      rtxNumbers = slot.numbers().rtxSsrc() == 0 ? null : new StreamNumbers(packets.sent());
    }
  }

  /// The transport-wide number of a packet that feedback names; [StreamNumbers#NOT_FOUND] if it is
  /// not known.
  ///
  /// @param sequenceNumber 16 bits
  long numberOf(boolean isRtx, int sequenceNumber) {
    StreamNumbers among = isRtx ? rtxNumbers : numbers;
    return among == null ? StreamNumbers.NOT_FOUND : among.find(sequenceNumber);
  }

  /// Notes that a packet was sent, by its number within the slot (unwrapped) and its transport-wide
  /// one.
  void onSent(long sequenceNumber, long number) {
    if (rtx != null) {
      index.put(sequenceNumber, number);
    }
    if (numbers != null) {
      numbers.put(sequenceNumber, number);
    }
  }

  /// The same for a packet that was sent again, by its original number.
  void onSentAgain(long sequenceNumber, long number) {
    index.put(sequenceNumber, number);
    onPadding(number);
  }

  /// The same for a packet of padding on the RTX stream.
  void onPadding(long number) {
    if (rtxNumbers != null) {
      rtxNumbers.put(slot.numbers().rtxSequenceNumber(), number);
    }
  }

  /// The entry in [SentPackets] of a packet that the receiver names, as it was sent last; or
  /// [SentPackets#NOT_FOUND].
  ///
  /// @param sequenceNumber 16 bits
  int findSent(int sequenceNumber) {
    return index.find(sequenceNumber);
  }

  /// Whether a packet has not been sent again since.
  ///
  /// @param entry in [SentPackets]
  boolean isSentLast(int entry) {
    SentPackets<SendStream> sent = packets.sent();
    return index.isLatest(sent.sequenceNumber(entry), sent.number(entry));
  }

  /// A packet has been sent again.
  void onRetransmitted() {
    retransmitted++;
  }
}
