package org.plenum.broadcast.programme;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.Rid;
import org.plenum.sfu.TappedPacket;
import org.plenum.sfu.TappedStream;
import org.plenum.sfu.TrackId;
import org.plenum.sfu.TrackSource;

/// One layer of a camera on virtual time: pictures of two packets at a steady rate, a key frame
/// some time after it was asked for.
public final class FakeCamera {
  private static final byte[] SLICE = {0x41, (byte) 0x9A, 1, 2};
  private static final byte[] IDR = {0x65, (byte) 0x88, 1, 2};
  private static final byte[] PPS = {0x68, (byte) 0xCE, 0x38, (byte) 0x80};

  /// From the request to the first packet.
  private static final long KEY_DELAY_NANOS = 60_000_000L;

  public final TappedStream stream;
  private final long frameNanos;
  private int timestampOrigin;
  private CodecName codec = CodecName.H264;
  private int width;
  private int height;
  private long number = 65_530;
  private long nextNanos;
  private boolean keyDue;
  private long keyNanos;
  private int packets = 2;
  private byte[] slice = SLICE;
  private byte[] idr = IDR;
  boolean sends = true;
  boolean obeys = true;
  int keysAsked;

  FakeCamera(String name, TrackSource source, int width, int height, int rate, long nowNanos) {
    stream =
        new TappedStream(
            new ParticipantId(name),
            new TrackId(name + source),
            source,
            new Rid("h" + height),
            new TappedStream.State(CodecName.H264, false, false, height));
    this.width = width;
    this.height = height;
    this.frameNanos = 1_000_000_000L / rate;
    this.nextNanos = nowNanos;
    this.timestampOrigin = name.hashCode() * 90_001 + height;
  }

  public static List<FakeCamera> simulcast(String name, long nowNanos) {
    return List.of(
        new FakeCamera(name, TrackSource.CAMERA, 320, 180, 15, nowNanos),
        new FakeCamera(name, TrackSource.CAMERA, 640, 360, 15, nowNanos),
        new FakeCamera(name, TrackSource.CAMERA, 1280, 720, 15, nowNanos));
  }

  /// Pictures of so many packets, each of so many bytes.
  public void weigh(int packetsOfPicture, int bytes) {
    packets = packetsOfPicture;
    slice = Arrays.copyOf(SLICE, bytes);
    idr = Arrays.copyOf(IDR, bytes);
  }

  void state(boolean muted, boolean stalled) {
    stream.state(new TappedStream.State(codec, muted, stalled, height));
  }

  /// A sender report says that what comes now was captured so long ago.
  void report(long nowNanos, long agoNanos) {
    int timestamp = timestampOrigin + (int) (nowNanos / 1000 * 9 / 100);
    stream.captured(new TappedStream.Captured(timestamp, nowNanos - agoNanos));
  }

  /// The encoder's clock jumps, or runs back.
  void jump(int ticks) {
    timestampOrigin += ticks;
  }

  /// The encoder goes on in VP9 (RFC 9628 §4.2): with a key frame, of one packet.
  void recode() {
    codec = CodecName.VP9;
    packets = 1;
    // Frame marker and a shown key frame, sync code, colour space, size (VP9 bitstream §6.2).
    long colourAndSize = 4L << 32 | (width - 1L) << 16 | (height - 1);
    idr =
        ByteBuffer.allocate(10)
            .put(new byte[] {0x0C, (byte) 0x82, 0x49, (byte) 0x83, 0x42}) // behind B, E
            .put((byte) (colourAndSize >> 28))
            .putInt((int) (colourAndSize << 4))
            .array();
    slice = new byte[] {0x4C, (byte) 0x86}; // P, B, E
    resize(width, height);
  }

  /// The encoder goes on with another size: with a key frame.
  void resize(int toWidth, int toHeight) {
    width = toWidth;
    height = toHeight;
    keyDue = true;
    keyNanos = nextNanos;
    state(false, false);
  }

  /// Sends what is due.
  ///
  /// @param to given each packet, and whether it belongs to a key frame
  public void pass(long nowNanos, BiConsumer<TappedPacket, Boolean> to) {
    if (stream.takeKeyFrameAsked()) {
      keysAsked++;
      if (obeys && !keyDue) {
        keyDue = true;
        keyNanos = nowNanos + KEY_DELAY_NANOS;
      }
    }
    while (nextNanos - nowNanos <= 0) {
      if (sends) {
        frame(nextNanos, to);
      }
      nextNanos += frameNanos;
    }
  }

  private void frame(long nanos, BiConsumer<TappedPacket, Boolean> to) {
    boolean key = keyDue && keyNanos - nanos <= 0;
    keyDue &= !key;
    if (key && codec == CodecName.H264) {
      send(nanos, false, sps(width, height), true, to);
      send(nanos, false, PPS, true, to);
    }
    for (int i = 1; i <= packets; i++) {
      send(nanos, i == packets, key ? idr : slice, key, to);
    }
  }

  private void send(
      long nanos,
      boolean marker,
      byte[] payload,
      boolean key,
      BiConsumer<TappedPacket, Boolean> to) {
    int timestamp = timestampOrigin + (int) (nanos / 1000 * 9 / 100);
    number++;
    if (stream.isWanted()) {
      to.accept(new TappedPacket(stream, number, timestamp, marker, codec, payload, nanos), key);
    }
  }

  /// Baseline, level 3.1, of this size (ITU-T H.264 §7.3.2.1.1).
  private static byte[] sps(int width, int height) {
    var bits = new StringBuilder();
    bits.append("01100111").append("01000010").append("11000000").append("00011111");
    bits.append(ue(0)).append(ue(0)).append(ue(2)).append(ue(1)).append("0");
    bits.append(ue((width + 15) / 16 - 1)).append(ue((height + 15) / 16 - 1));
    bits.append("1").append("1");
    int cropped = (height + 15) / 16 * 16 - height;
    bits.append(cropped > 0 ? "1" : "0");
    if (cropped > 0) {
      bits.append(ue(0)).append(ue(0)).append(ue(0)).append(ue(cropped / 2));
    }
    bits.append("0").append("1");
    while (bits.length() % 8 != 0) {
      bits.append('0');
    }
    byte[] bytes = new byte[bits.length() / 8];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Integer.parseInt(bits.substring(8 * i, 8 * i + 8), 2);
    }
    return bytes;
  }

  private static String ue(int value) {
    String binary = Integer.toBinaryString(value + 1);
    return "0".repeat(binary.length() - 1) + binary;
  }
}
