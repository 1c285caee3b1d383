package org.plenum.sfu.simulation;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.LongToIntFunction;
import org.plenum.sfu.Codec;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.Mid;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.Rid;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.TrackParameters;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.red.RedWriter;
import org.plenum.sfu.rtp.NtpTime;
import org.plenum.sfu.rtp.RtpHeaderWriter;
import org.plenum.sfu.srtp.SrtpSender;

/// Somebody with a camera in three sizes, each in three temporal layers, VP8 with simulcast as
/// browsers send it, and a microphone.
final class SimulatedPublisher extends SimulatedPeer {
  static final Codec VP8 =
      new Codec(
          CodecName.VP8,
          96,
          97,
          Set.of(Codec.Feedback.NACK, Codec.Feedback.PLI, Codec.Feedback.TRANSPORT_CC),
          Map.of());
  static final Codec OPUS = new Codec(CodecName.OPUS, 111, Codec.NO_RTX, Set.of(), Map.of());
  static final Codec OPUS_WITH_RED =
      new Codec(CodecName.OPUS, 111, Codec.NO_RTX, 63, Set.of(), Map.of());

  /// Where in the first packet of a frame it says whose frame it is.
  static final int IDENTITY_AT = 16;

  /// Temporal layers of four frames in a row.
  private static final int[] TEMPORAL = {0, 2, 1, 2};

  /// What they take, of what one would take without layers.
  private static final double[] SHARE = {1.6, 0.8, 0.8, 0.8};

  /// A picture that stands still, and moves for some time in each period, as Chromium's fake camera
  /// does: what it takes then, by layer, of what its encoder may use at the most.
  private static final long MOVE_PERIOD_MILLIS = 3_300;

  private static final long MOVE_MILLIS = 900;
  private static final double[] STILL = {0.9, 0.68, 0.38};
  private static final double[] MOVING = {1.05, 0.95, 0.62};
  private static final int FRAMES_PER_SECOND = 20;
  private static final long FRAME_MILLIS = 1000 / FRAMES_PER_SECOND;
  private static final int KEY_FRAME_FACTOR = 6;
  private static final int PAYLOAD_BYTES = 1_100;
  private static final long SOUND_MILLIS = 20;
  private static final int SOUND_BYTES = 80;
  private static final long KEY_FRAME_PAUSE_NANOS = 300_000_000L;
  private static final int KEPT = 512;
  private static final byte[] CAMERA_MID = {'c'};
  private static final byte[] MICROPHONE_MID = {'m'};

  private final Random random;
  private final int number;
  private final RtpHeaderWriter header = new RtpHeaderWriter();
  private final RedWriter red = new RedWriter();
  private final List<Encoding> encodings = new ArrayList<>();
  private final Map<Integer, Encoding> bySsrc = new HashMap<>();
  private final SrtpSender.Stream sound;
  private final List<Asked> asked = new ArrayList<>();
  private int reportedLoss;
  private LongToIntFunction levels = _ -> 30;
  private final byte[][] soundBefore = new byte[2][];
  private long soundSent;
  private int repeated;
  private long millis;
  private int transportWide;
  private boolean entered;
  private boolean cameraStopped;
  private boolean movesNowAndThen;

  SimulatedPublisher(SimulatedCall call, String name, int number) {
    super(call, name, number);
    this.number = number;
    this.random = new Random(100 + number + 1_000 * call.seed());
    encodings.add(new Encoding("f", 2, 1280, 720, 1_700_000));
    encodings.add(new Encoding("h", 1, 640, 360, 500_000));
    encodings.add(new Encoding("q", 0, 320, 180, 150_000));
    sound = srtpSender.stream(soundSsrc());
  }

  /// Does what a client with `setParameters` does.
  @Override
  void onLayersWanted(RoomEvent.LayersWanted wanted) {
    for (Encoding encoding : encodings) {
      var rid = new Rid(new String(encoding.rid, StandardCharsets.US_ASCII));
      long most = wanted.ceilings().getOrDefault(rid, Long.MAX_VALUE);
      encoding.bitrateBps = (int) Math.min(encoding.ownBps, most);
      encoding.isOn = wanted.active().contains(rid);
    }
  }

  /// Its client switches layers as the server asks.
  SimulatedPublisher switchesLayers() {
    switchesLayers = true;
    return this;
  }

  /// One layer, as of a screen, whose key frames are far larger than the others.
  ///
  /// @param bitrateBps of the frames between key frames
  SimulatedPublisher inOneLayer(int bitrateBps, int keyFrameBytes) {
    bySsrc.clear();
    encodings.clear();
    var only = new Encoding("", 2, 1920, 1080, bitrateBps);
    only.keyFrameBytes = keyFrameBytes;
    encodings.add(only);
    return this;
  }

  /// It comes in the place of a former session.
  SimulatedPublisher replaces(ParticipantId former) {
    replaced = former;
    return this;
  }

  /// What is before its camera stands still but for some moments.
  SimulatedPublisher movesNowAndThen() {
    movesNowAndThen = true;
    return this;
  }

  /// What an encoder makes of what is before the camera at present, of its bitrate.
  private double share(int layer) {
    if (!movesNowAndThen) {
      return 1;
    }
    boolean isMoving = (millis + 500L * number) % MOVE_PERIOD_MILLIS < MOVE_MILLIS;
    return (isMoving ? MOVING : STILL)[layer];
  }

  private int soundSsrc() {
    return 0x2000_0000 + (number << 8);
  }

  /// With a microphone alone, of which this is the level at each time.
  ///
  /// @param level in -dBov, by the nanoseconds since the start of the call
  SimulatedPublisher enterToSpeak(LongToIntFunction level) {
    levels = level;
    encodings.clear();
    enter(WITH_TRANSPORT_CC, List.of(microphone(OPUS)), List.of(), List.of());
    entered = true;
    return this;
  }

  private static TrackParameters microphone(Codec opus) {
    return new TrackParameters(
        new Mid("m"), TrackSource.MICROPHONE, List.of(opus), List.of(), List.of(), false);
  }

  /// Each packet of sound repeats so many before it (RFC 2198), at the most two.
  SimulatedPublisher repeats(int packets) {
    repeated = packets;
    return this;
  }

  /// Its packets begin with this number, and so wrap around soon.
  SimulatedPublisher startsAt(int sequenceNumber) {
    soundSent = sequenceNumber;
    encodings.forEach(encoding -> encoding.sent = sequenceNumber);
    transportWide = sequenceNumber;
    return this;
  }

  /// Its microphone hears this from now on.
  void hears(LongToIntFunction level) {
    levels = level;
  }

  /// So many packets of all it sends never are.
  void skips(int packets) {
    soundSent += packets;
    encodings.forEach(encoding -> encoding.sent += packets);
  }

  /// Sends a packet of its camera, if it has one, with any payload, under the next number.
  void sendAnyPayload(int which, byte[] payload) {
    if (!encodings.isEmpty()) {
      encodings.get(which % encodings.size()).sendAny(payload);
    }
  }

  /// Sends a packet that belongs to no stream.
  void sendUnknown(int payloadType, int ssrc, byte[] payload) {
    header.begin(slab, 0, payloadType, false, 1, 0, ssrc, false);
    send(srtpSender.stream(ssrc), payload, payload.length, 1);
  }

  /// Another offer, with its camera or without.
  void publishes(boolean withCamera) {
    List<TrackParameters> tracks = new ArrayList<>();
    if (withCamera) {
      tracks.add(camera());
    }
    tracks.add(microphone(repeated > 0 ? OPUS_WITH_RED : OPUS));
    negotiate(WITH_TRANSPORT_CC, tracks, List.of(), List.of());
  }

  SimulatedPublisher enter() {
    Codec opus = repeated > 0 ? OPUS_WITH_RED : OPUS;
    enter(WITH_TRANSPORT_CC, List.of(camera(), microphone(opus)), List.of(), List.of());
    entered = true;
    return this;
  }

  private TrackParameters camera() {
    boolean isOne = encodings.size() == 1;
    return new TrackParameters(
        new Mid("c"),
        TrackSource.CAMERA,
        List.of(VP8),
        isOne ? List.of(encodings.getFirst().ssrc, encodings.getFirst().ssrc + 1) : List.of(),
        isOne ? List.of() : List.of(new Rid("f"), new Rid("h"), new Rid("q")),
        false);
  }

  /// Its camera stands still, or its encoder: nothing more comes of it, or again.
  void cameraStopped(boolean yes) {
    cameraStopped = yes;
  }

  /// A key-frame request that came.
  record Asked(int ssrc, long nanos) {}

  /// The key-frame requests so far.
  List<Asked> asked() {
    return asked;
  }

  /// What the server's latest report says that it lost, in 1/256, the largest of all streams.
  int reportedLoss() {
    return reportedLoss;
  }

  /// Key frames of all encodings so far.
  int keyFrames() {
    return encodings.stream().mapToInt(encoding -> encoding.keyFrames).sum();
  }

  @Override
  void onTime(long nowNanos) {
    if (!entered) {
      return;
    }
    millis++;
    if (millis % SOUND_MILLIS == 0) {
      sendSound();
    }
    if (millis % FRAME_MILLIS == 0 && !cameraStopped) {
      encodings.forEach(encoding -> encoding.sendFrame(nowNanos));
    }
    if (millis % 1000 == 0) {
      encodings.forEach(encoding -> report(encoding, nowNanos));
    }
  }

  private void report(Encoding encoding, long nowNanos) {
    rtcp.begin(slab, 0, 1_000);
    rtcp.senderReport(
        encoding.ssrc,
        NtpTime.fromEpochNanos(1_600_000_000 * SimulatedCall.SECOND + call.elapsed()),
        timestamp(),
        (int) encoding.sent,
        0);
    sendRtcp();
  }

  private int timestamp() {
    return (int) (millis * 90);
  }

  private void sendSound() {
    byte[] said = ByteBuffer.allocate(SOUND_BYTES).putInt(number).putInt((int) soundSent).array();
    byte[] payload = repeated > 0 ? withEarlier(said) : said;
    header.begin(
        slab,
        0,
        repeated > 0 ? OPUS_WITH_RED.redPayloadType() : OPUS.payloadType(),
        false,
        (int) soundSent & 0xFFFF,
        (int) (millis * 48),
        soundSsrc(),
        false);
    header.extension(MID_ID, MICROPHONE_MID);
    header.extension(TRANSPORT_CC_ID, transportWide++ & 0xFFFF, 2);
    header.extension(AUDIO_LEVEL_ID, levels.applyAsInt(call.elapsed()), 1);
    send(sound, payload, payload.length, soundSent++);
    soundBefore[1] = soundBefore[0];
    soundBefore[0] = said;
  }

  private byte[] withEarlier(byte[] said) {
    red.begin(OPUS.payloadType(), (int) (millis * 48));
    for (int i = repeated; i > 0; i--) {
      if (soundBefore[i - 1] != null) {
        MemorySegment earlier = MemorySegment.ofArray(soundBefore[i - 1]);
        red.add(earlier, 0, SOUND_BYTES, (int) ((millis - i * SOUND_MILLIS) * 48));
      }
    }
    byte[] bytes = new byte[4 * SOUND_BYTES];
    int length =
        red.write(
            MemorySegment.ofArray(said),
            0,
            SOUND_BYTES,
            MemorySegment.ofArray(bytes),
            0,
            bytes.length);
    return Arrays.copyOf(bytes, length);
  }

  private void send(SrtpSender.Stream stream, byte[] payload, int length, long index) {
    int headerLength = header.end();
    var from = slab.asSlice(2_048, length);
    from.copyFrom(MemorySegment.ofArray(payload).asSlice(0, length));
    int whole = stream.protect(slab, 0, headerLength, 0, from, 0, length, index);
    up.send(slab.asSlice(0, whole).toArray(ValueLayout.JAVA_BYTE));
  }

  @Override
  public void onPictureLossIndication(int mediaSsrc) {
    asked.add(new Asked(mediaSsrc, call.now()));
    Encoding encoding = bySsrc.get(mediaSsrc);
    if (encoding != null) {
      encoding.keyFrameWanted = true;
    }
  }

  @Override
  public void onReportBlock(
      int reporterSsrc,
      int ssrc,
      int fractionLost,
      int cumulativeLost,
      int extendedHighestSequenceNumber,
      int jitter,
      int lastSenderReport,
      int delaySinceLastSenderReport) {
    reportedLoss = Math.max(fractionLost, reportedLoss);
  }

  @Override
  public void onNack(int mediaSsrc, int sequenceNumber) {
    Encoding encoding = bySsrc.get(mediaSsrc);
    if (encoding != null) {
      encoding.sendAgain(sequenceNumber);
    }
  }

  /// A packet as it was sent.
  private record Sent(long sequenceNumber, int timestamp, boolean marker, byte[] payload) {}

  /// One size of the picture.
  private final class Encoding {
    final int ssrc;
    private final byte[] rid;
    private final int layer;
    private final int width;
    private final int height;
    private final int ownBps;
    private int bitrateBps;

    /// 0: some times a frame.
    private int keyFrameBytes;

    private boolean isOn = true;
    private final SrtpSender.Stream media;
    private final SrtpSender.Stream rtx;
    private final Sent[] history = new Sent[KEPT];
    private boolean keyFrameWanted = true;
    private long keyFrameNanos;
    private int keyFrames;
    private int frames;

    /// Where it is in the row of four; the frames that stood there last.
    private int place;

    private final int[] latest = new int[TEMPORAL.length];
    private int tl0PicIdx;
    private long sent;
    private long sentAgain;

    Encoding(String rid, int layer, int width, int height, int bitrateBps) {
      this.rid = rid.getBytes(StandardCharsets.US_ASCII);
      this.layer = layer;
      this.width = width;
      this.height = height;
      this.ownBps = bitrateBps;
      this.bitrateBps = bitrateBps;
      this.ssrc = 0x3000_0000 + (number << 8) + 2 * layer;
      media = srtpSender.stream(ssrc);
      rtx = srtpSender.stream(ssrc + 1);
      bySsrc.put(ssrc, this);
    }

    void sendFrame(long nowNanos) {
      if (!isOn) {
        keyFrameWanted = true; // as encoders begin
        return;
      }
      boolean mayKey = keyFrames == 0 || nowNanos - keyFrameNanos >= KEY_FRAME_PAUSE_NANOS;
      boolean key = keyFrameWanted && mayKey;
      if (key) {
        keyFrameWanted = false;
        keyFrameNanos = nowNanos;
        keyFrames++;
      }
      place = key ? 0 : (place + 1) % TEMPORAL.length;
      tl0PicIdx += TEMPORAL[place] == 0 ? 1 : 0;
      int even = (int) Math.min(bitrateBps, ownBps * share(layer)) / 8 / FRAMES_PER_SECOND;
      double factor = key ? KEY_FRAME_FACTOR : SHARE[place];
      double usual = key && keyFrameBytes > 0 ? keyFrameBytes : even * factor;
      int left = (int) (usual * (0.8 + 0.4 * random.nextDouble()));
      boolean start = true;
      while (left > 0) {
        int length = Math.max(40, Math.min(left, PAYLOAD_BYTES));
        left -= length;
        byte[] payload = payload(start, key, length);
        var packet = new Sent(sent++, timestamp(), left <= 0, payload);
        history[(int) packet.sequenceNumber % KEPT] = packet;
        begin(packet, ssrc, VP8.payloadType(), (int) packet.sequenceNumber, RID_ID);
        send(media, payload, payload.length, packet.sequenceNumber);
        start = false;
      }
      if (key) {
        Arrays.fill(latest, frames);
      }
      latest[place] = frames;
      frames++;
    }

    private void begin(Sent packet, int as, int payloadType, int sequenceNumber, int ridId) {
      header.begin(
          slab,
          0,
          payloadType,
          packet.marker,
          sequenceNumber & 0xFFFF,
          packet.timestamp,
          as,
          false);
      header.extension(MID_ID, CAMERA_MID);
      if (rid.length > 0) {
        header.extension(ridId, rid);
      }
      header.extension(TRANSPORT_CC_ID, transportWide++ & 0xFFFF, 2);
    }

    /// A descriptor with a picture id of 15 bits and a temporal layer (RFC 7741 §4.2), a frame
    /// header (RFC 6386 §9.1), whose frame it is, and to which two it refers.
    private byte[] payload(boolean start, boolean key, int length) {
      var bytes = ByteBuffer.allocate(length);
      boolean isSync = place == 1 || place == 2;
      bytes.put((byte) (start ? 0x90 : 0x80)).put((byte) 0xE0);
      bytes.putShort((short) (0x8000 | frames & 0x7FFF)).put((byte) tl0PicIdx);
      bytes.put((byte) (TEMPORAL[place] << 6 | (isSync ? 0x20 : 0)));
      bytes.put((byte) (key ? 0 : 1)).put((byte) 0).put((byte) 0);
      bytes.put((byte) 0x9D).put((byte) 0x01).put((byte) 0x2A);
      bytes.put((byte) width).put((byte) (width >>> 8));
      bytes.put((byte) height).put((byte) (height >>> 8));
      bytes.put((byte) number).put((byte) layer).putInt(frames).putShort((short) height);
      bytes.putInt(latest[0]).putInt(latest[place == 3 ? 2 : 0]);
      return bytes.array();
    }

    void sendAny(byte[] payload) {
      var packet = new Sent(sent++, timestamp(), true, payload);
      history[(int) packet.sequenceNumber % KEPT] = packet;
      begin(packet, ssrc, VP8.payloadType(), (int) packet.sequenceNumber, RID_ID);
      send(media, payload, payload.length, packet.sequenceNumber);
    }

    void sendAgain(int sequenceNumber) {
      Sent packet = null;
      for (Sent kept : history) {
        if (kept != null && (kept.sequenceNumber & 0xFFFF) == sequenceNumber) {
          packet = kept;
        }
      }
      if (packet == null) {
        return;
      }
      begin(packet, ssrc + 1, VP8.rtxPayloadType(), (int) sentAgain, REPAIRED_RID_ID);
      byte[] payload =
          ByteBuffer.allocate(2 + packet.payload.length)
              .putShort((short) sequenceNumber)
              .put(packet.payload)
              .array();
      send(rtx, payload, payload.length, sentAgain++);
    }
  }
}
