package org.plenum.bench.client;

import static org.plenum.sfu.rtp.NetworkOrder.put8;

import java.lang.foreign.MemorySegment;
import org.plenum.sfu.rtp.NtpTime;
import org.plenum.sfu.rtp.RtpHeaderWriter;
import org.plenum.sfu.rtp.Rtx;
import org.plenum.sfu.srtp.SrtpSender;

/// Builds the packets of a client's sources: video of a [VideoShape] and Opus-shaped sound. Owned
/// by the loop.
final class MediaWriter {
  private static final int OPUS_HEAD_BYTES = 1;
  private static final int OPUS_TOC = 0x78; // 20 ms, full band, mono, one frame (RFC 6716 §3.1)
  private static final int VOICE = 0x80;

  private final LoadClient client;
  private final RtpHeaderWriter header = new RtpHeaderWriter();
  private int transportSequenceNumber;

  MediaWriter(LoadClient client) {
    this.client = client;
  }

  void sendFrame(MediaSource source, boolean inWindow, long nowNanos) {
    boolean counts = source.counts(nowNanos);
    boolean measured = inWindow && counts;
    int packets = source.takePackets();
    boolean key = source.keyFrameWanted;
    source.keyFrameWanted = false;
    source.keyFrames += key ? 1 : 0;
    source.frame++;
    source.pictureId = source.pictureId + 1 & 0x7FFF;
    source.tl0PicIdx = source.tl0PicIdx + 1 & 0xFF;
    int timestamp = source.timestamp(nowNanos);
    for (int i = 0; i < packets; i++) {
      int flags =
          (i == 0 ? SentPackets.FRAME_START : 0)
              | (i == packets - 1 ? SentPackets.FRAME_END : 0)
              | (key ? SentPackets.KEY_FRAME : 0)
              | (counts ? SentPackets.COUNTS : 0)
              | (measured ? SentPackets.MEASURED : 0);
      int length = source.video ? mediaBytes(source) : ClientOptions.AUDIO_BYTES - OPUS_HEAD_BYTES;
      int place =
          source.sent.add(
              source.number, source.counter, nowNanos, timestamp, source.frame, length, flags);
      write(source, place, false);
      source.number++;
      source.counter++;
    }
    source.onSent(packets);
    if (counts) {
      long receptions = (long) packets * source.receiversAt(nowNanos);
      client.scratch.tally().onSent(nowNanos, receptions);
      source.measuredExpected += measured ? receptions : 0;
    }
  }

  /// Sends a packet again by RTX, if it is still known.
  void retransmit(MediaSource source, int sequenceNumber) {
    long number = source.number + (short) (sequenceNumber - (int) source.number);
    int place = source.sent.find(number);
    if (place < 0 || source.rtx == null) {
      source.nacksUnanswered++;
      return;
    }
    write(source, place, true);
    source.retransmitted++;
  }

  /// So many that the packet has [MediaSource#PACKET_BYTES].
  private static int mediaBytes(MediaSource source) {
    int extensions = 4 + 3 + 4 + (source.midNeeded ? 1 + source.mid.length : 0);
    int padded = extensions + 3 & ~3;
    return MediaSource.PACKET_BYTES - 12 - padded - source.shape().headBytes();
  }

  private void write(MediaSource source, int place, boolean again) {
    SrtpSender.Stream srtp = again ? source.rtx : source.media;
    if (srtp == null) {
      return;
    }
    Outgoing out = client.out;
    MemorySegment slab = out.slab();
    long at = out.nextOffset();
    SentPackets sent = source.sent;
    long index = again ? source.rtxNumber++ : sent.number(place);
    int headerLength = writeHeader(source, place, again, slab, at, index);
    long payload = at + headerLength;
    int prefix = 0;
    if (again) {
      Rtx.putOriginalSequenceNumber(slab, payload, (int) sent.number(place));
      prefix = Rtx.HEADER_BYTES;
    }
    prefix += writeHead(source, place, slab, payload + prefix);
    int length = sent.length(place);
    int flags =
        (sent.has(place, SentPackets.MEASURED) ? MediaStamp.MEASURED : 0)
            | (sent.has(place, SentPackets.COUNTS) ? MediaStamp.COUNTS : 0);
    MediaStamp.write(
        slab,
        payload + prefix,
        source.id,
        sent.counter(place),
        sent.nanos(place),
        sent.frame(place),
        flags,
        length);
    prefix += MediaStamp.BYTES;
    int written =
        srtp.protect(
            slab, at, headerLength, prefix, MediaStamp.FILLER, 0, length - MediaStamp.BYTES, index);
    if (written > 0) {
      out.commit(written, client.path());
      source.octets += length;
    }
  }

  private int writeHeader(
      MediaSource source, int place, boolean again, MemorySegment slab, long at, long index) {
    SentPackets sent = source.sent;
    int mediaType = source.video ? source.shape().payloadType() : Numbers.OPUS;
    header.begin(
        slab,
        at,
        again ? source.shape().rtxPayloadType() : mediaType,
        source.video && sent.has(place, SentPackets.FRAME_END),
        (int) index & 0xFFFF,
        sent.timestamp(place),
        again ? source.rtxSsrc : source.ssrc,
        false);
    header.extension(Numbers.TRANSPORT_CC, transportSequenceNumber++ & 0xFFFF, 2);
    if (source.video) {
      int sendTime = (int) (NtpTime.fromDuration(sent.nanos(place)) >>> 14) & 0xFF_FFFF;
      header.extension(Numbers.ABS_SEND_TIME, sendTime, 3);
    } else {
      header.extension(Numbers.AUDIO_LEVEL, VOICE | source.takeLevel(), 1);
    }
    if (source.midNeeded || again) {
      header.extension(Numbers.MID, source.mid);
    }
    return header.end();
  }

  /// What the codec puts before its bytes.
  private int writeHead(MediaSource source, int place, MemorySegment slab, long at) {
    if (!source.video) {
      put8(slab, at, OPUS_TOC);
      return OPUS_HEAD_BYTES;
    }
    SentPackets sent = source.sent;
    int framesAgo = source.frame - sent.frame(place);
    source
        .shape()
        .writeHead(
            slab,
            at,
            sent.flags(place),
            source.pictureId - framesAgo,
            source.tl0PicIdx - framesAgo);
    return source.shape().headBytes();
  }
}
