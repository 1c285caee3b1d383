package org.plenum.bench.client;

import static org.plenum.sfu.rtp.NetworkOrder.u16;

import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.receive.NackGenerator;
import org.plenum.sfu.receive.ReceiveStream;
import org.plenum.sfu.rtp.RtpPacket;
import org.plenum.sfu.rtp.Rtx;

/// One slot of a viewer: counts and verifies every packet that comes on it. Owned by the loop.
///
/// While one source is forwarded, the difference between the source's own count and the slot's
/// sequence number is constant; it grows when the server left packets out (a splice), and must
/// never shrink.
final class ReceivedSlot {
  final int ssrc;
  final boolean video;
  final ReceiveStream stream;
  final NackGenerator nacks = new NackGenerator();
  private final Presence presence;
  private final IntFunction<@Nullable MediaSource> sources;
  private @Nullable VideoShape shape;
  private @Nullable MediaSource source;
  private int pictureIdDifference;
  private long difference;

  long measured;
  long received;
  long recovered;

  /// Padding and repetitions on RTX, by which the server finds out what the path carries.
  long probes;
  long duplicates;
  long reordered;
  long damaged;
  long misnumbered;
  long splices;

  /// @param presence when the client counts that has this slot
  /// @param sources by their id
  ReceivedSlot(
      int ssrc, boolean video, Presence presence, IntFunction<@Nullable MediaSource> sources) {
    this.presence = presence;
    this.ssrc = ssrc;
    this.video = video;
    this.stream = new ReceiveStream(ssrc, video ? 90_000 : 48_000);
    this.sources = sources;
  }

  /// A packet of the slot's own SSRC.
  void onPacket(RtpPacket packet, long nowNanos, Tally tally) {
    boolean behind = stream.isStarted() && isBehind(packet.sequenceNumber());
    long number = stream.onPacket(packet.sequenceNumber(), packet.timestamp(), nowNanos, false);
    if (number == ReceiveStream.DUPLICATE) {
      duplicates++;
      return;
    }
    if (behind) {
      reordered++;
    }
    accept(packet, number, 0, nowNanos, tally);
  }

  /// A retransmission of one of its packets.
  void onRetransmission(RtpPacket packet, long nowNanos, Tally tally) {
    int original = Rtx.originalSequenceNumber(packet);
    if (original < 0 || !stream.isStarted()) {
      probes++;
      return;
    }
    long number = stream.onPacket(original, packet.timestamp(), nowNanos, true);
    if (number == ReceiveStream.DUPLICATE) {
      probes++; // sent again though it had come, to find out what the path carries
      return;
    }
    recovered++;
    accept(packet, number, Rtx.HEADER_BYTES, nowNanos, tally);
  }

  /// Packets between the first and the last that never came.
  long missing() {
    return stream.expected() - stream.received();
  }

  private boolean isBehind(int sequenceNumber) {
    return (short) (sequenceNumber - (int) stream.highestSequenceNumber()) < 0;
  }

  private void accept(RtpPacket packet, long number, int skip, long nowNanos, Tally tally) {
    received++;
    if (video) {
      nacks.onPacket(number, nowNanos);
    }
    long at = packet.offset() + packet.headerLength() + skip;
    int length = packet.payloadLength() - skip;
    int head = headLength(packet, at, length);
    long stamp = at + head;
    int stampLength = length - head;
    if (head < 0 || !MediaStamp.isIntact(packet.slab(), stamp, stampLength)) {
      damaged++;
      return;
    }
    verifyNumbers(packet, at, stamp, number);
    long sent = MediaStamp.nanos(packet.slab(), stamp);
    if (MediaStamp.counts(packet.slab(), stamp) && presence.includes(sent)) {
      boolean inWindow = MediaStamp.isMeasured(packet.slab(), stamp);
      measured += inWindow ? 1 : 0;
      tally.onDelivered(sent, nowNanos, inWindow);
    }
  }

  private int headLength(RtpPacket packet, long at, int length) {
    if (!video) {
      return 1;
    }
    shape = VideoShape.of(packet.payloadType());
    return shape != null && shape.isHead(packet.slab(), at, length) ? shape.headBytes() : -1;
  }

  private void verifyNumbers(RtpPacket packet, long at, long stamp, long number) {
    int id = MediaStamp.source(packet.slab(), stamp);
    long now = MediaStamp.counter(packet.slab(), stamp) - number;
    int picture =
        shape == VideoShape.VP8
            ? u16(packet.slab(), at + 2) - MediaStamp.frame(packet.slab(), stamp) & 0x7FFF
            : 0;
    if (source == null || source.id != id) {
      source = sources.apply(id);
    } else if (now < difference || now == difference && picture != pictureIdDifference) {
      misnumbered++;
    } else if (now > difference) {
      splices++;
    }
    difference = now;
    pictureIdDifference = picture;
    if (source == null) {
      damaged++;
    } else {
      source.onArrived();
    }
  }
}
