package org.plenum.bench.client;

import java.util.function.IntFunction;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.receive.NackGenerator;
import org.plenum.sfu.receive.ReceiveStream;
import org.plenum.sfu.rtp.RtpPacket;
import org.plenum.sfu.rtp.Rtx;
import org.plenum.sfu.rtp.Vp8Descriptor;

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
  private final IntFunction<@Nullable MediaSource> sources;
  private final Vp8Descriptor vp8 = new Vp8Descriptor();
  private @Nullable MediaSource source;
  private int pictureIdDifference;
  private long difference;

  long measured;
  long received;
  long recovered;
  long duplicates;
  long reordered;
  long damaged;
  long misnumbered;
  long splices;

  /// @param sources by their id
  ReceivedSlot(int ssrc, boolean video, IntFunction<@Nullable MediaSource> sources) {
    this.ssrc = ssrc;
    this.video = video;
    this.stream = new ReceiveStream(ssrc, video ? 90_000 : 48_000);
    this.sources = sources;
  }

  /// A packet of the slot's own SSRC.
  void onPacket(RtpPacket packet, long nowNanos, Histogram delays) {
    boolean behind = stream.isStarted() && isBehind(packet.sequenceNumber());
    long number = stream.onPacket(packet.sequenceNumber(), packet.timestamp(), nowNanos, false);
    if (number == ReceiveStream.DUPLICATE) {
      duplicates++;
      return;
    }
    if (behind) {
      reordered++;
    }
    accept(packet, number, 0, nowNanos, delays);
  }

  /// A retransmission of one of its packets.
  void onRetransmission(RtpPacket packet, long nowNanos, Histogram delays) {
    int original = Rtx.originalSequenceNumber(packet);
    if (original < 0 || !stream.isStarted()) {
      return;
    }
    long number = stream.onPacket(original, packet.timestamp(), nowNanos, true);
    if (number == ReceiveStream.DUPLICATE) {
      duplicates++;
      return;
    }
    recovered++;
    accept(packet, number, Rtx.HEADER_BYTES, nowNanos, delays);
  }

  /// Packets between the first and the last that never came.
  long missing() {
    return stream.expected() - stream.received();
  }

  private boolean isBehind(int sequenceNumber) {
    return (short) (sequenceNumber - (int) stream.highestSequenceNumber()) < 0;
  }

  private void accept(RtpPacket packet, long number, int skip, long nowNanos, Histogram delays) {
    received++;
    if (video) {
      nacks.onPacket(number, nowNanos);
    }
    long at = packet.offset() + packet.headerLength() + skip;
    int length = packet.payloadLength() - skip;
    int descriptor = descriptorLength(packet, at, length);
    long stamp = at + descriptor + 1;
    int stampLength = length - descriptor - 1;
    if (descriptor < 0 || !MediaStamp.isIntact(packet.slab(), stamp, stampLength)) {
      damaged++;
      return;
    }
    verifyNumbers(packet, stamp, number);
    if (MediaStamp.isMeasured(packet.slab(), stamp)) {
      measured++;
      delays.recordValue(Math.max(0, nowNanos - MediaStamp.nanos(packet.slab(), stamp)));
    }
  }

  private int descriptorLength(RtpPacket packet, long at, int length) {
    if (!video) {
      return 0;
    }
    return vp8.parse(packet.slab(), at, length) ? vp8.length() : -1;
  }

  private void verifyNumbers(RtpPacket packet, long stamp, long number) {
    int id = MediaStamp.source(packet.slab(), stamp);
    long now = MediaStamp.counter(packet.slab(), stamp) - number;
    int picture = video ? vp8.pictureId() - MediaStamp.frame(packet.slab(), stamp) & 0x7FFF : 0;
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
