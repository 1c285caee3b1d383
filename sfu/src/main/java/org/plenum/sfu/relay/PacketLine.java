package org.plenum.sfu.relay;

import static org.plenum.sfu.rtp.NetworkOrder.put16;
import static org.plenum.sfu.rtp.NetworkOrder.put32;
import static org.plenum.sfu.rtp.NetworkOrder.put8;
import static org.plenum.sfu.rtp.NetworkOrder.u16;
import static org.plenum.sfu.rtp.NetworkOrder.u8;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NanoTime;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.port.SendBatch;
import org.plenum.sfu.Codec;
import org.plenum.sfu.IngressVerdict;
import org.plenum.sfu.SfuCounter;
import org.plenum.sfu.counters.WorkerCounters;
import org.plenum.sfu.receive.NackGenerator;
import org.plenum.sfu.receive.PacketForm;
import org.plenum.sfu.receive.PacketRing;
import org.plenum.sfu.rtcp.RtcpHandler;
import org.plenum.sfu.rtcp.RtcpReader;
import org.plenum.sfu.rtcp.RtcpWriter;
import org.plenum.sfu.rtp.SequenceNumbers;
import org.plenum.sfu.srtp.SrtpReceiver;
import org.plenum.sfu.srtp.SrtpSender;
import org.plenum.sfu.transport.Egress;

/// Brings the packets of a relay to a part of the room on another node, and the other's here: SRTP
/// (RFC 3711, RFC 7714) between the two workers' own ports, one SSRC in each direction, whose
/// sequence numbers are the line's and no stream's. What gets lost on the way is asked for again
/// (RFC 4585 §6.2.1, reduced size by RFC 5506) and sent again to the bit. Each end has its own two
/// rings, of which this is the far side: it reads what the [RelayEnd] writes, and writes what that
/// reads. It says a word each second (an empty receiver report), so that the other end knows
/// whether datagrams pass. Worker's thread only, but for its making.
public final class PacketLine implements Carrier {
  /// Told whether anything passes. Worker's thread.
  public interface Watcher {
    /// The other end was heard for the first time.
    void onHeard();

    /// Nothing authentic has come for five seconds; said again after as long.
    void onSilent();
  }

  /// Five words that did not come.
  private static final long SILENCE_NANOS = 5_000_000_000L;

  private static final long WORD_NANOS = 1_000_000_000L;

  /// Until the other end is heard, which may have begun later.
  private static final long FIRST_WORD_NANOS = 50_000_000L;

  private static final int RTP_HEADER_BYTES = 12;

  /// Version 2, no padding, no extension, no CSRC (RFC 3550 §5.1).
  private static final int RTP_FIRST_BYTE = 0x80;

  private static final int RTP_FIXED_MASK = 0xFF;

  /// Any one that no RTCP packet type takes for itself (RFC 5761 §4).
  private static final int PAYLOAD_TYPE = 96;

  private static final int MOST_RTCP_BYTES = 1200;

  /// Asked for in one message.
  private static final int MOST_ASKED = 128;

  /// Codecs of one direction; browsers of one kind have the same.
  private static final int MOST_CODECS = 4096;

  /// Packets that wait for the number of their codec, which comes by another way.
  private static final int MOST_HELD = 256;

  private static final long NO_INDEX = -1;

  private final LineTerms terms;
  private final PacketRing out;
  private final PacketRing in;
  private final Consumer<RelayMessage> messages;
  private final Watcher watcher;
  private final NackGenerator nacks = new NackGenerator();
  private final RtcpWriter rtcp = new RtcpWriter();
  private final int[] due = new int[MOST_ASKED];
  private final Map<Codec, Integer> codecsTold = new HashMap<>();
  private final Map<Integer, Codec> codecsKnown = new HashMap<>();
  private final Deque<byte[]> held = new ArrayDeque<>();
  private final RtcpHandler feedback = new Feedback();
  private @Nullable Open open;

  /// Whether a number has come since the last look at what is held.
  private boolean heldMayGo;

  private long lastSent = NO_INDEX;
  private long highest = NO_INDEX;
  private long wordNanos = NanoTime.NEVER;
  private long silentNanos = NanoTime.NEVER;
  private boolean hasHeard;
  private boolean hearsNow;

  /// What it has while it belongs to a worker.
  private record Open(
      Lines lines,
      WorkerCounters counters,
      SrtpSender sender,
      SrtpSender.Stream stream,
      SrtpReceiver receiver,
      SentDatagrams sent,
      NetworkPath to) {}

  /// @param out what the relay's end writes
  /// @param in what it reads
  /// @param messages brings messages to the other end
  public PacketLine(
      LineTerms terms,
      PacketRing out,
      PacketRing in,
      Consumer<RelayMessage> messages,
      Watcher watcher) {
    this.terms = terms;
    this.out = out;
    this.in = in;
    this.messages = messages;
    this.watcher = watcher;
  }

  @Override
  public boolean settle(RelayEnd.Home worker) {
    Lines lines = worker.lines();
    if (lines == null || !lines.enter(terms.receiveSsrc(), this)) {
      return false;
    }
    SrtpSender sender = lines.srtp().sender(terms.keys());
    open =
        new Open(
            lines,
            worker.counters(),
            sender,
            sender.stream(terms.sendSsrc()),
            lines.srtp().receiver(terms.keys()),
            new SentDatagrams(),
            NetworkPath.to(terms.remote(), null));
    worker.counters().add(WorkerCounters.Gauge.NODE_RELAYS, 1);
    return true;
  }

  @Override
  public void announce(Codec codec) {
    number(codec);
  }

  /// @return -1 if there are too many
  private int number(Codec codec) {
    Integer known = codecsTold.get(codec);
    if (known != null) {
      return known;
    }
    int number = codecsTold.size();
    if (number == MOST_CODECS) {
      return -1;
    }
    codecsTold.put(codec, number);
    messages.accept(new RelayMessage.CodecNumbered(number, codec));
    return number;
  }

  @Override
  public void numbered(int number, Codec codec) {
    if (codecsKnown.size() < MOST_CODECS) {
      codecsKnown.putIfAbsent(number, codec);
    }
    heldMayGo = true;
  }

  @Override
  public void flush(long nowNanos) {
    Open line = open;
    if (line != null && heldMayGo) {
      takeHeld(line, nowNanos);
    }
    while (line != null && out.next()) {
      int codec = number(out.codec());
      int needed = RTP_HEADER_BYTES + PacketForm.length(out) + LineTerms.PROFILE.rtpTagBytes();
      if (codec < 0 || needed > SendBatch.SLOT_BYTES) {
        line.counters.add(SfuCounter.RELAYED_PACKETS_DROPPED, 1);
      } else {
        send(line, codec, nowNanos);
      }
      out.release();
    }
  }

  private void takeHeld(Open line, long nowNanos) {
    heldMayGo = false;
    for (int i = held.size(); i > 0; i--) {
      byte[] form = held.remove();
      take(line, MemorySegment.ofArray(form), 0, form.length, nowNanos);
    }
  }

  private void send(Open line, int codec, long nowNanos) {
    Egress egress = line.lines.egress();
    MemorySegment slab = egress.slab();
    long at = egress.nextOffset();
    long index = ++lastSent;
    put8(slab, at, RTP_FIRST_BYTE);
    put8(slab, at + 1, PAYLOAD_TYPE);
    put16(slab, at + 2, (int) index);
    put32(slab, at + 4, (int) (nowNanos / 1_000));
    put32(slab, at + 8, terms.sendSsrc());
    int form = PacketForm.write(out, slab, at + RTP_HEADER_BYTES, codec, nowNanos);
    int length = line.stream.protect(slab, at, RTP_HEADER_BYTES, form, slab, at, 0, index);
    line.sent.keep(index, slab, at, length);
    egress.commit(length, line.to, Egress.Kind.RELAY);
  }

  /// A datagram of the other end, or one that says so.
  IngressVerdict onRtp(MemorySegment slab, long offset, int length, long nowNanos) {
    Open line = open;
    if (line == null) {
      return IngressVerdict.UNVALIDATED_PATH;
    }
    if ((u8(slab, offset) & RTP_FIXED_MASK) != RTP_FIRST_BYTE) {
      return IngressVerdict.RTP_MALFORMED;
    }
    int plain = line.receiver.unprotect(slab, offset, length, RTP_HEADER_BYTES);
    if (plain < 0) {
      return refused(line, plain, false);
    }
    hear();
    note(u16(slab, offset + 2), nowNanos);
    int form = plain - RTP_HEADER_BYTES;
    return take(line, slab, offset + RTP_HEADER_BYTES, form, nowNanos);
  }

  private static IngressVerdict refused(Open line, int result, boolean isRtcp) {
    return switch (result) {
      case SrtpReceiver.FORGED -> {
        line.counters.add(SfuCounter.RELAYED_PACKETS_FORGED, 1);
        yield isRtcp ? IngressVerdict.RTCP_FORGED : IngressVerdict.RTP_FORGED;
      }
      case SrtpReceiver.REPLAYED ->
          isRtcp ? IngressVerdict.RTCP_REPLAYED : IngressVerdict.RTP_REPLAYED;
      default -> isRtcp ? IngressVerdict.RTCP_MALFORMED : IngressVerdict.RTP_MALFORMED;
    };
  }

  private void note(int sequenceNumber, long nowNanos) {
    if (highest == NO_INDEX) {
      nacks.onPacket(NO_INDEX, nowNanos); // the first may be lost too
    }
    long index = SequenceNumbers.unwrap(sequenceNumber, highest);
    if (index > highest) {
      highest = index;
      nacks.onPacket(index, nowNanos);
    } else {
      nacks.onRetransmission(index, nowNanos);
    }
  }

  private IngressVerdict take(Open line, MemorySegment from, long at, int length, long nowNanos) {
    switch (PacketForm.read(from, at, length, codecsKnown::get, in, nowNanos)) {
      case TAKEN -> {}
      case MALFORMED -> {
        return IngressVerdict.RTP_MALFORMED;
      }
      case UNKNOWN_CODEC -> {
        if (held.size() < MOST_HELD) {
          held.add(from.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE));
        } else {
          line.counters.add(SfuCounter.RELAYED_PACKETS_UNUSED, 1);
        }
      }
      case FULL -> line.counters.add(SfuCounter.RELAYED_PACKETS_DROPPED, 1);
    }
    return IngressVerdict.RELAY_ACCEPTED;
  }

  /// What the other end asks for again, or somebody who says so.
  IngressVerdict onRtcp(MemorySegment slab, long offset, int length, long nowNanos) {
    Open line = open;
    if (line == null) {
      return IngressVerdict.UNVALIDATED_PATH;
    }
    int plain = line.receiver.unprotectRtcp(slab, offset, length);
    if (plain < 0) {
      return refused(line, plain, true);
    }
    hear();
    return RtcpReader.read(slab, offset, plain, feedback)
        ? IngressVerdict.RELAY_ACCEPTED
        : IngressVerdict.RTCP_MALFORMED;
  }

  private void hear() {
    hearsNow = true;
    if (!hasHeard) {
      hasHeard = true;
      watcher.onHeard();
    }
  }

  private void sendAgain(int sequenceNumber) {
    Open line = open;
    if (line == null || lastSent == NO_INDEX) {
      return;
    }
    Egress egress = line.lines.egress();
    long index = SequenceNumbers.unwrap(sequenceNumber, lastSent);
    int length = line.sent.copy(index, egress.slab(), egress.nextOffset());
    if (length > 0) {
      egress.commit(length, line.to, Egress.Kind.RELAY);
      line.counters.add(SfuCounter.RELAYED_PACKETS_REPEATED, 1);
    }
  }

  @Override
  public boolean onTimeout(long nowNanos) {
    Open line = open;
    if (line == null) {
      return false;
    }
    watch(nowNanos);
    Egress egress = line.lines.egress();
    rtcp.begin(egress.slab(), egress.nextOffset(), MOST_RTCP_BYTES);
    if (wordNanos == NanoTime.NEVER || NanoTime.isDue(wordNanos, nowNanos)) {
      wordNanos = NanoTime.after(nowNanos, hasHeard ? WORD_NANOS : FIRST_WORD_NANOS);
      rtcp.receiverReport(terms.sendSsrc());
    }
    int count = nacks.pollDue(nowNanos, due);
    if (count > 0 && rtcp.nack(terms.sendSsrc(), terms.receiveSsrc(), due, count)) {
      line.counters.add(SfuCounter.RELAYED_PACKETS_MISSED, count);
    }
    if (rtcp.length() > 0) {
      int length = line.sender.protectRtcp(egress.slab(), egress.nextOffset(), rtcp.length());
      egress.commit(length, line.to, Egress.Kind.RTCP);
    }
    return nacks.takeGaveUp();
  }

  private void watch(long nowNanos) {
    if (hearsNow || silentNanos == NanoTime.NEVER) {
      hearsNow = false;
      silentNanos = NanoTime.after(nowNanos, SILENCE_NANOS);
    } else if (NanoTime.isDue(silentNanos, nowNanos)) {
      silentNanos = NanoTime.after(nowNanos, SILENCE_NANOS);
      watcher.onSilent();
    }
  }

  @Override
  public void close() {
    Open line = open;
    if (line != null) {
      open = null;
      line.counters.add(WorkerCounters.Gauge.NODE_RELAYS, -1);
      line.lines.remove(terms.receiveSsrc(), this);
      line.sender.close();
      line.receiver.close();
      line.sent.close();
    }
  }

  /// Of what RTCP can say, ends of lines say only what they miss.
  private final class Feedback implements RtcpHandler {
    @Override
    public void onSenderReport(
        int ssrc, long ntp, int rtpTimestamp, int packetCount, int octetCount) {}

    @Override
    public void onReportBlock(
        int reporterSsrc,
        int ssrc,
        int fractionLost,
        int cumulativeLost,
        int extendedHighestSequenceNumber,
        int jitter,
        int lastSenderReport,
        int delaySinceLastSenderReport) {}

    @Override
    public void onBye(int ssrc) {}

    @Override
    public void onNack(int mediaSsrc, int sequenceNumber) {
      if (mediaSsrc == terms.sendSsrc()) {
        sendAgain(sequenceNumber);
      }
    }

    @Override
    public void onPictureLossIndication(int mediaSsrc) {}

    @Override
    public void onFullIntraRequest(int mediaSsrc, int commandSequenceNumber) {}

    @Override
    public void onReceiverEstimatedMaximumBitrate(long bitrateBps) {}

    @Override
    public void onTransportCc(MemorySegment slab, long offset, int length) {}
  }
}
