package org.plenum.sfu.simulation;

import static org.plenum.sfu.rtp.NetworkOrder.u16;
import static org.plenum.sfu.rtp.NetworkOrder.u8;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.plenum.sfu.Codec;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.Mid;
import org.plenum.sfu.SeatParameters;
import org.plenum.sfu.SlotParameters;
import org.plenum.sfu.TransportAnswer;
import org.plenum.sfu.receive.TransportCcGenerator;
import org.plenum.sfu.rtp.HeaderExtensionMap;
import org.plenum.sfu.rtp.RtpPacket;
import org.plenum.sfu.rtp.Vp8Descriptor;

/// Somebody who watches, and answers as a browser does: transport-cc feedback, NACKs every 20 ms, a
/// key-frame request after a second that could not be decoded (200 ms at the beginning), a report
/// each second.
final class SimulatedViewer extends SimulatedPeer {
  private static final int NACK_ENTRIES = 200;
  private static final long NACK_MILLIS = 20;
  private static final long REPORT_MILLIS = 1_000;
  private static final long UNDECODABLE_NANOS = 1_000_000_000L;

  /// As long as nothing could be decoded yet.
  private static final long NO_KEY_FRAME_NANOS = 200_000_000L;

  private final TransportCcGenerator transportCc = new TransportCcGenerator();
  private final StreamReports streamReports = new StreamReports();
  private final byte[] feedback = new byte[TransportCcGenerator.MAX_FCI_BYTES];
  private final int[] missing = new int[NACK_ENTRIES];
  private final Vp8Descriptor descriptor = new Vp8Descriptor();
  private final Map<Integer, ReceivedStream> bySsrc = new HashMap<>();
  private final Map<Integer, ReceivedStream> byRtxSsrc = new HashMap<>();
  private final List<ReceivedStream> video = new ArrayList<>();
  private final List<ReceivedStream> sound = new ArrayList<>();
  private final List<Heard> heard = new ArrayList<>();
  private final Map<Integer, RepairedStream> byFecSsrc = new HashMap<>();
  private final Map<Integer, RepairedStream> repairedBySsrc = new HashMap<>();
  private boolean takesRed;
  private int fecPayloadType = SlotParameters.NO_FEC;
  private boolean entered;
  private boolean sendsFeedback = true;
  private boolean acceptsGaps;
  private boolean readsPayloads = true;
  private HeaderExtensionMap extensions = HeaderExtensionMap.EMPTY;
  private long enteredNanos;
  private long millis;
  private long askedNanos;
  private int mediaSsrc;

  // Of datagrams that left the server's port for here.
  private int nextTransportWide = -1;
  private long mediaBytes;
  private long againBytes;
  private long againPackets;
  private long packets;
  private long keyFramesAsked;
  private boolean losesNacks;

  SimulatedViewer(SimulatedCall call, String name, int number) {
    super(call, name, number);
  }

  /// It takes repair packets.
  SimulatedViewer takesRepairs() {
    fecPayloadType = 49;
    return this;
  }

  /// The repair packets of a seat's video.
  RepairedStream repaired(int seat) {
    return repairedBySsrc.get(video.get(seat).ssrc);
  }

  /// It takes redundant audio.
  SimulatedViewer takesRed() {
    takesRed = true;
    return this;
  }

  /// None of its NACKs ever reaches the server.
  SimulatedViewer asksForNothing() {
    losesNacks = true;
    return this;
  }

  /// It has a seat for each of so many people.
  SimulatedViewer enter(int seats) {
    return enter(seats, WITH_TRANSPORT_CC);
  }

  SimulatedViewer enter(int seats, HeaderExtensionMap extensions) {
    return enter(seats, 0, extensions);
  }

  /// The same, but it reports by RFC 8888 and knows no transport-wide numbers.
  SimulatedViewer enterWithStreamFeedback(int seats) {
    streamFeedback = true;
    return enter(seats, WITHOUT_TRANSPORT_CC);
  }

  /// And it hears so many of those who have no seat.
  SimulatedViewer enter(int seats, int extra, HeaderExtensionMap extensions) {
    List<SlotParameters> slots = new ArrayList<>();
    List<SeatParameters> places = new ArrayList<>();
    sections(seats, extra, slots, places);
    add(enter(extensions, List.of(), slots, places), seats, extra);
    this.extensions = extensions;
    entered = true;
    enteredNanos = call.elapsed();
    return this;
  }

  /// Another offer: it has so many seats, and slots for others, from now on.
  void resize(int seats, int extra) {
    List<SlotParameters> slots = new ArrayList<>();
    List<SeatParameters> places = new ArrayList<>();
    sections(seats, extra, slots, places);
    add(negotiate(extensions, List.of(), slots, places), seats, extra);
  }

  private void sections(
      int seats, int extra, List<SlotParameters> slots, List<SeatParameters> places) {
    Codec opus = takesRed ? SimulatedPublisher.OPUS_WITH_RED : SimulatedPublisher.OPUS;
    for (int i = 0; i < seats; i++) {
      var heard = new Mid("a" + i);
      var seen = new Mid("v" + i);
      slots.add(new SlotParameters(heard, MediaKind.AUDIO, List.of(opus)));
      List<Codec> vp8 = List.of(SimulatedPublisher.VP8);
      slots.add(new SlotParameters(seen, MediaKind.VIDEO, vp8, fecPayloadType, null));
      places.add(new SeatParameters(i, heard, seen));
    }
    for (int i = 0; i < extra; i++) {
      var heard = new Mid("x" + i);
      slots.add(new SlotParameters(heard, MediaKind.AUDIO, List.of(SimulatedPublisher.OPUS)));
    }
  }

  private void add(TransportAnswer answer, int seats, int extra) {
    for (int i = 0; i < seats; i++) {
      add(answer.slots().get(new Mid("a" + i)), false);
      add(answer.slots().get(new Mid("v" + i)), true);
    }
    for (int i = 0; i < extra; i++) {
      add(answer.slots().get(new Mid("x" + i)), false);
    }
  }

  private void add(TransportAnswer.SlotSsrcs ssrcs, boolean isVideo) {
    if (bySsrc.containsKey(ssrcs.ssrc())) {
      return; // it goes on
    }
    var stream = new ReceivedStream(ssrcs.ssrc(), isVideo);
    bySsrc.put(ssrcs.ssrc(), stream);
    if (ssrcs.rtxSsrc() != 0) {
      byRtxSsrc.put(ssrcs.rtxSsrc(), stream);
    }
    if (ssrcs.fecSsrc() != 0) {
      var repaired =
          new RepairedStream(ssrcs.ssrc(), packet -> onRestored(stream, packet, call.now()));
      byFecSsrc.put(ssrcs.fecSsrc(), repaired);
      repairedBySsrc.put(ssrcs.ssrc(), repaired);
    }
    (isVideo ? video : sound).add(stream);
  }

  /// It sends no transport-cc from now on, or again.
  void sendsFeedback(boolean yes) {
    sendsFeedback = yes;
  }

  /// The port refuses some: transport-wide numbers have gaps on the way.
  void acceptsGaps() {
    acceptsGaps = true;
  }

  /// Publishers send what nobody can decode: only numbers matter.
  void readsNoPayloads() {
    readsPayloads = false;
  }

  Picture picture() {
    return video.getFirst().picture;
  }

  Picture picture(int seat) {
    return video.get(seat).picture;
  }

  ReceivedStream video(int seat) {
    return video.get(seat);
  }

  ReceivedStream sound(int seat) {
    return sound.get(seat);
  }

  /// A packet of sound.
  ///
  /// @param number of the slot's stream, unwrapped
  /// @param publisher by its number among the peers
  /// @param sourceNumber the publisher's own for it
  record Heard(
      int ssrc, long number, int timestamp, boolean marker, int publisher, long sourceNumber) {
    private static Heard of(RtpPacket packet, long number) {
      var payload =
          packet
              .slab()
              .asSlice(packet.offset() + packet.headerLength(), packet.payloadLength())
              .asByteBuffer();
      return new Heard(
          packet.ssrc(),
          number,
          packet.timestamp(),
          packet.marker(),
          payload.getInt(),
          Integer.toUnsignedLong(payload.getInt()));
    }
  }

  /// The sound that arrived, in that order.
  List<Heard> heard() {
    return heard;
  }

  double enteredSeconds() {
    return enteredNanos / 1e9;
  }

  /// RTP that left the server's port for here, what was sent again included.
  long mediaBytes() {
    return mediaBytes;
  }

  long againBytes() {
    return againBytes;
  }

  long againPackets() {
    return againPackets;
  }

  long packets() {
    return packets;
  }

  long neverSent() {
    return video.stream().mapToLong(stream -> stream.neverSent).sum();
  }

  /// Frames that refer to one that was not decoded.
  int wrongReferences() {
    int afterGap = video.stream().mapToInt(stream -> stream.picture.afterGap()).sum();
    return corrupt() - afterGap;
  }

  int corrupt() {
    return video.stream().mapToInt(stream -> stream.picture.corrupt()).sum();
  }

  long keyFramesAsked() {
    return keyFramesAsked;
  }

  @Override
  void onHandedOver(byte[] datagram) {
    if (isRtcp(datagram)) {
      return;
    }
    packets++;
    mediaBytes += datagram.length;
    MemorySegment bytes = MemorySegment.ofArray(datagram);
    int ssrc = u16(bytes, 8) << 16 | u16(bytes, 10);
    ReceivedStream stream = bySsrc.get(ssrc);
    if (stream == null) {
      againBytes += datagram.length;
      againPackets++;
    } else {
      stream.onHandedOver(u16(bytes, 2));
    }
    // The header is not encrypted.
    var header = new RtpPacket();
    if (header.parse(MemorySegment.ofArray(withoutPadding(datagram)), 0, datagram.length)) {
      int at = header.extensionOffset(TRANSPORT_CC_ID);
      if (at >= 0) {
        int number = u16(bytes, at);
        if (nextTransportWide >= 0 && !acceptsGaps && number != nextTransportWide) {
          throw new AssertionError(
              "transport-wide number " + number + " follows " + (nextTransportWide - 1));
        }
        nextTransportWide = number + 1 & 0xFFFF;
      }
    }
  }

  private static byte[] withoutPadding(byte[] datagram) {
    byte[] copy = datagram.clone();
    copy[0] &= ~0x20;
    return copy;
  }

  @Override
  void onRtp(RtpPacket packet, int datagramBytes, long nowNanos) {
    streamReports.onPacket(packet.ssrc(), packet.sequenceNumber(), nowNanos);
    int at = packet.extensionOffset(TRANSPORT_CC_ID);
    if (at >= 0) {
      int number = u16(packet.slab(), packet.offset() + at);
      transportCc.onPacket(number, datagramBytes, nowNanos);
      mediaSsrc = packet.ssrc();
    }
    ReceivedStream stream = bySsrc.get(packet.ssrc());
    if (stream != null) {
      long number = stream.onOriginal(packet.sequenceNumber(), nowNanos);
      if (!readsPayloads) {
        return;
      }
      if (stream.video && packet.payloadLength() == 0) {
        stream.picture.onBlank(number, call.elapsed());
      } else if (stream.video) {
        onPart(stream, number, packet, 0);
        RepairedStream repaired = repairedBySsrc.get(packet.ssrc());
        if (repaired != null) {
          repaired.onMedia(packet);
        }
      } else {
        heard.add(Heard.of(packet, number));
        stream.speech.onPacket(packet, takesRed);
      }
      return;
    }
    RepairedStream repaired = byFecSsrc.get(packet.ssrc());
    if (repaired != null && !readsPayloads) {
      return;
    }
    if (repaired != null) {
      if (packet.payloadType() != fecPayloadType) {
        throw new AssertionError("payload type " + packet.payloadType());
      }
      repaired.onRepair(packet);
      return;
    }
    stream = byRtxSsrc.get(packet.ssrc());
    if (stream == null) {
      throw new AssertionError("an SSRC that was never announced");
    }
    if (packet.payloadLength() > 2 && readsPayloads) {
      int original = u16(packet.slab(), packet.offset() + packet.headerLength());
      onPart(stream, stream.onAgain(original, nowNanos), packet, 2);
    }
  }

  private void onRestored(ReceivedStream stream, RtpPacket packet, long nowNanos) {
    onPart(stream, stream.onRestored(packet.sequenceNumber(), nowNanos), packet, 0);
  }

  private void onPart(ReceivedStream stream, long number, RtpPacket packet, int skip) {
    MemorySegment bytes = packet.slab();
    long at = packet.offset() + packet.headerLength() + skip;
    int length = packet.payloadLength() - skip;
    if (!descriptor.parse(bytes, at, length)) {
      throw new AssertionError("a payload that cannot be read");
    }
    boolean start = descriptor.isFrameStart();
    long identity = at + SimulatedPublisher.IDENTITY_AT;
    stream.picture.onPart(
        number,
        new Picture.Part(
            start,
            descriptor.isKeyFrameStart(),
            packet.marker(),
            packet.timestamp(),
            descriptor.pictureId(),
            start ? u16(bytes, identity + 6) : 0,
            start ? u8(bytes, identity) << 8 | u8(bytes, identity + 1) : 0,
            start ? frameNumber(bytes, identity + 2) : 0,
            start ? frameNumber(bytes, identity + 8) : 0,
            start ? frameNumber(bytes, identity + 12) : 0),
        call.elapsed());
  }

  private static int frameNumber(MemorySegment bytes, long at) {
    return u16(bytes, at) << 16 | u16(bytes, at + 2);
  }

  @Override
  public void onSenderReport(
      int ssrc, long ntp, int rtpTimestamp, int packetCount, int octetCount) {
    ReceivedStream stream = bySsrc.get(ssrc);
    if (stream != null) {
      stream.reportMiddle = (int) (ntp >>> 16);
      stream.reportNanos = call.now();
    }
  }

  @Override
  void onTime(long nowNanos) {
    if (!entered) {
      return;
    }
    millis++;
    while (sendsFeedback && transportCc.isDue(nowNanos)) {
      int length = transportCc.write(feedback, nowNanos);
      if (length == 0) {
        break;
      }
      beginRtcp().transportCc(ownSsrc, mediaSsrc, feedback, length);
      sendRtcp();
    }
    if (streamFeedback && sendsFeedback && millis % StreamReports.INTERVAL_MILLIS == 0) {
      beginRtcp();
      int length = streamReports.write(slab, rtcp.length(), ownSsrc, nowNanos);
      if (length > 0) {
        sendRtcp(rtcp.length() + length);
      }
    }
    if (millis % NACK_MILLIS == 0) {
      video.forEach(stream -> askAgain(stream, nowNanos));
    }
    if (millis % REPORT_MILLIS == 0) {
      report(nowNanos);
    }
  }

  private void askAgain(ReceivedStream stream, long nowNanos) {
    // As a browser knows it, or it would give up before the first answer can be here.
    stream.nacks.roundTrip(up.delayNanos() + down.delayNanos());
    int count = stream.nacks.pollDue(nowNanos, missing);
    if (count > 0 && !losesNacks) {
      beginRtcp().nack(ownSsrc, stream.ssrc, missing, count);
      sendRtcp();
    }
    Picture picture = stream.picture;
    long mostNanos = picture.isStarted() ? UNDECODABLE_NANOS : NO_KEY_FRAME_NANOS;
    boolean isStuck = stream.isStarted() && call.elapsed() - picture.decodedNanos() > mostNanos;
    boolean mayAsk = keyFramesAsked == 0 || nowNanos - askedNanos > mostNanos;
    if ((stream.nacks.takeGaveUp() || isStuck) && mayAsk) {
      askedNanos = nowNanos;
      keyFramesAsked++;
      beginRtcp().pictureLossIndication(ownSsrc, stream.ssrc);
      sendRtcp();
    }
  }

  /// Asks for packets again, lost or not, sent or not, and for a key frame.
  void asksForAnything(int first, int count, boolean keyFrame) {
    for (int ssrc : bySsrc.keySet()) {
      for (int i = 0; i < count; i++) {
        missing[i] = first + 3 * i & 0xFFFF;
      }
      beginRtcp();
      if (count > 0) {
        rtcp.nack(ownSsrc, ssrc, missing, count);
      }
      if (keyFrame) {
        rtcp.pictureLossIndication(ownSsrc, ssrc);
      }
      sendRtcp();
    }
  }

  private void report(long nowNanos) {
    beginRtcp();
    for (ReceivedStream stream : bySsrc.values()) {
      if (stream.isStarted()) {
        int delay =
            stream.reportMiddle == 0
                ? 0
                : (int) ((nowNanos - stream.reportNanos) * 65_536 / SimulatedCall.SECOND);
        rtcp.reportBlock(
            stream.ssrc,
            stream.takeFractionLost(),
            (int) stream.lost(),
            (int) stream.highest,
            0,
            stream.reportMiddle,
            delay);
      }
    }
    sendRtcp();
  }
}
