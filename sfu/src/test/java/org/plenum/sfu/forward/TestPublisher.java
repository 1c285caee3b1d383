package org.plenum.sfu.forward;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.Codec;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.Mid;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.Rid;
import org.plenum.sfu.TrackId;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.receive.FrameLayers;
import org.plenum.sfu.receive.PacketCache;
import org.plenum.sfu.receive.PayloadView;
import org.plenum.sfu.receive.ReceiveStream;

/// A publisher's track, fed packet by packet as the receiving half of a transport does. Its numbers
/// start right before they wrap around.
final class TestPublisher {
  static final Codec VP8 = new Codec(CodecName.VP8, 96, 97, Set.of(), Map.of());

  /// The same under another payload type.
  static final Codec VP8_AGAIN = new Codec(CodecName.VP8, 100, 101, Set.of(), Map.of());
  static final Codec VP9 = new Codec(CodecName.VP9, 98, 99, Set.of(), Map.of());
  static final Codec OPUS = new Codec(CodecName.OPUS, 111, Codec.NO_RTX, Set.of(), Map.of());

  /// @param number names the packet for life, whatever becomes of its sequence number
  record Packet(long number, int sequenceNumber, int timestamp, boolean marker, byte[] payload) {}

  /// @param bytes of packets that a layer keeps
  /// @param packets a power of two
  record CacheSize(int bytes, int packets) {
    static final CacheSize USUAL = new CacheSize(1 << 19, 1024);
  }

  final Track track;
  /// Pairs of packet and slot it was offered to.
  long offers;

  private final @Nullable Rid rid;
  private int ssrc;
  private Codec codec;
  private final int pictureIdBits;
  private final CacheSize cacheSize;

  /// Pixels, written into key frames; 0: not written.
  private int height;

  private final PayloadView view = new PayloadView();
  private Layer layer;
  private long nextNumber = 65_500;
  private int sequenceShift;
  private int pictureId = 32_760;
  private int tl0PicIdx = 250;
  private int timestampOrigin = -90_000;

  private TestPublisher(
      Track track,
      @Nullable Rid rid,
      int ssrc,
      Codec codec,
      int pictureIdBits,
      int height,
      CacheSize cacheSize) {
    this.track = track;
    this.rid = rid;
    this.ssrc = ssrc;
    this.codec = codec;
    this.pictureIdBits = pictureIdBits;
    this.height = height;
    this.cacheSize = cacheSize;
    layer = newLayer();
    if (rid == null) {
      track.addLayer(layer);
    }
  }

  private static TestPublisher of(String name, TrackSource source, Codec codec, int bits) {
    Track track = track(name, source, codec);
    return new TestPublisher(track, null, 0, codec, bits, 0, CacheSize.USUAL);
  }

  private static Track track(String name, TrackSource source, Codec codec) {
    return new Track(
        new TrackId(name),
        new ParticipantId(name),
        new Mid("0"),
        source,
        List.of(codec),
        new PublisherClock());
  }

  /// The layers of one track, each of which comes into being with its first packet.
  static List<TestPublisher> simulcast(String name, int... heights) {
    return simulcast(name, CacheSize.USUAL, heights);
  }

  static List<TestPublisher> simulcast(String name, CacheSize cacheSize, int... heights) {
    Track track = track(name, TrackSource.CAMERA, VP8);
    List<Rid> rids = new ArrayList<>();
    for (int height : heights) {
      rids.add(new Rid("h" + height));
    }
    track.rids(rids);
    List<TestPublisher> layers = new ArrayList<>();
    for (int i = 0; i < heights.length; i++) {
      layers.add(new TestPublisher(track, rids.get(i), 100 * i, VP8, 15, heights[i], cacheSize));
    }
    return layers;
  }

  static TestPublisher camera(String name) {
    return camera(name, 15);
  }

  static TestPublisher camera(String name, int pictureIdBits) {
    return of(name, TrackSource.CAMERA, VP8, pictureIdBits);
  }

  static TestPublisher microphone(String name) {
    return of(name, TrackSource.MICROPHONE, OPUS, 0);
  }

  Layer layer() {
    return layer;
  }

  int nextSsrc() {
    return ssrc + 1;
  }

  /// As when the publisher changes its SSRC.
  void replaceLayer() {
    assertTrue(track.acceptsLayer(nextSsrc()), "another SSRC is more than a publisher may use");
    layer = newLayer();
    track.addLayer(layer);
  }

  /// As after a negotiation.
  void codec(Codec next) {
    codec = next;
  }

  /// What key frames say from now on, in pixels; 0: nothing.
  void height(int pixels) {
    height = pixels;
  }

  /// Lets the sequence numbers jump.
  void jump(int by) {
    sequenceShift += by;
  }

  int timestamp(long nowNanos) {
    int rate = codec.name().clockRate();
    return timestampOrigin + (int) (nowNanos / 1_000 * rate / 1_000_000);
  }

  /// Makes a VP8 frame or an Opus packet, and sends nothing.
  List<Packet> frame(boolean key, int packets, long nowNanos) {
    pictureId++;
    tl0PicIdx++;
    List<Packet> frame = new ArrayList<>();
    for (int i = 0; i < packets; i++) {
      byte[] payload =
          codec.name().kind() == MediaKind.VIDEO ? vp8Payload(i == 0, key) : contents(0);
      frame.add(
          new Packet(
              nextNumber,
              (int) (nextNumber + sequenceShift) & 0xFFFF,
              timestamp(nowNanos),
              i == packets - 1,
              payload));
      nextNumber++;
    }
    return frame;
  }

  /// A frame that arrives whole and at once.
  List<Packet> sendFrame(boolean key, int packets, long nowNanos) {
    List<Packet> frame = frame(key, packets, nowNanos);
    frame.forEach(packet -> arrive(packet, nowNanos));
    return frame;
  }

  void arrive(Packet packet, long nowNanos) {
    arrive(packet, MemorySegment.ofArray(packet.payload), nowNanos);
  }

  /// @param payload the packet's, made before where nothing may be allocated
  void arrive(Packet packet, MemorySegment payload, long nowNanos) {
    long number = layer.stream().onPacket(packet.sequenceNumber, packet.timestamp, nowNanos, false);
    if (number == ReceiveStream.DUPLICATE) {
      return;
    }
    if (track.layer(rid) == null) {
      track.addLayer(layer);
    }
    PacketCache cache = layer.cache();
    int length = packet.payload.length;
    int entry = cache.add(number, packet.timestamp, 0, length, nowNanos);
    if (entry == PacketCache.NOT_FOUND) {
      return; // a younger one has its place
    }
    MemorySegment.copy(payload, 0, cache.bytes(), cache.payloadOffset(entry), length);
    view.parse(codec.name(), payload, 0, length);
    cache.describe(entry, codec, packet.marker, view, view.isKeyFrameStart(), -1, FrameLayers.NONE);
    offers += track.sinks().size();
    track.onPacket(layer, number, entry, view.height(), nowNanos);
  }

  private Layer newLayer() {
    return new Layer(
        track,
        rid,
        new ReceiveStream(++ssrc, codec.name().clockRate()),
        new PacketCache(cacheSize.bytes, cacheSize.packets),
        true);
  }

  private byte[] vp8Payload(boolean start, boolean key) {
    var payload = ByteBuffer.allocate(64);
    payload.put((byte) (start ? 0x90 : 0x80)).put((byte) 0xE0);
    if (pictureIdBits == 15) {
      payload.putShort((short) (0x8000 | pictureId));
    } else {
      payload.put((byte) (pictureId & 0x7F));
    }
    payload.put((byte) tl0PicIdx).put((byte) 0);
    if (start && key && height > 0) {
      // Frame tag, start code, width and height (RFC 6386 §9.1).
      payload.put(new byte[] {0, 0, 0, (byte) 0x9D, 1, 0x2A, 64, 0});
      payload.put((byte) height).put((byte) (height >>> 8));
    }
    payload.put(contents(key ? 0 : 1));
    return Arrays.copyOf(payload.array(), payload.position());
  }

  private byte[] contents(int frameHeader) {
    return ByteBuffer.allocate(9).put((byte) frameHeader).putLong(nextNumber).array();
  }

  /// The packet's number, from the end of a payload made here.
  static long numberIn(MemorySegment bytes, long payloadOffset, int payloadLength) {
    return bytes.get(
        ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN),
        payloadOffset + payloadLength - 8);
  }
}
