package org.plenum.sfu.testclient;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.plenum.sfu.rtp.HeaderExtension;

/// What a client publishes under one SSRC: frames of Opus or VP8 shape, each packet tagged with
/// source and frame so that a viewer can tell what it got.
public final class MediaSource {
  /// One frame as sent.
  public record Frame(
      int number,
      boolean key,
      int packets,
      int timestamp,
      int pictureId,
      int tl0PicIdx,
      long sentNanos) {}

  private static final int HISTORY = 2048;

  public final int ssrc;
  final int rtxSsrc;
  final boolean video;
  private final String mid;
  private final int clockRate;
  private final List<Frame> frames = new ArrayList<>();
  private final Map<Integer, byte[]> history = new HashMap<>();

  /// Milliseconds from frame to frame; 0: sends nothing.
  public int intervalMillis;

  /// Whether it answers a key-frame request with a key frame.
  public boolean makesKeyFrames = true;

  public int packetsPerFrame = 1;

  /// Packets that get lost on their way to the SFU from now on, though they can be sent again.
  public int losePackets;

  public int keyFrameRequests;
  public long lastKeyFrameRequestNanos;
  public int nacked;
  boolean keyFrameWanted = true;
  long nextFrameNanos;

  /// Unwrapped; starts so that it soon wraps.
  long sequenceNumber = 65_520;

  long rtxSequenceNumber = 65_530;
  private final int firstTimestamp;
  private int pictureId = 0x7FFA;
  private int tl0PicIdx = 250;
  int packetsSent;

  MediaSource(String mid, boolean video, int ssrc) {
    this.mid = mid;
    this.video = video;
    this.ssrc = ssrc;
    this.rtxSsrc = ssrc + 1;
    this.clockRate = video ? 90_000 : 48_000;
    this.packetsPerFrame = video ? 3 : 1;
    // The clock wraps soon after the start.
    this.firstTimestamp = -clockRate / 2 - units(System.nanoTime());
  }

  /// All frames so far.
  public List<Frame> frames() {
    return frames;
  }

  public int packetsSent() {
    return packetsSent;
  }

  byte[] sentBefore(int sequence) {
    return history.get(sequence);
  }

  /// The packets of the next frame, and their numbers in `indexes`.
  List<byte[]> nextFrame(
      Map<HeaderExtension, Integer> ids, int payloadType, List<Long> indexes, long nowNanos) {
    boolean key = video && keyFrameWanted && makesKeyFrames;
    if (key) {
      keyFrameWanted = false;
    }
    pictureId = pictureId + 1 & 0x7FFF;
    tl0PicIdx = tl0PicIdx + 1 & 0xFF;
    int timestamp = timestamp(nowNanos);
    var frame =
        new Frame(frames.size(), key, packetsPerFrame, timestamp, pictureId, tl0PicIdx, nowNanos);
    frames.add(frame);
    List<byte[]> packets = new ArrayList<>();
    for (int i = 0; i < packetsPerFrame; i++) {
      sequenceNumber++;
      boolean last = i == packetsPerFrame - 1;
      byte[] packet =
          RtpBytes.packet(
              payloadType,
              video ? last : false,
              (int) sequenceNumber & 0xFFFF,
              timestamp,
              ssrc,
              extensions(ids),
              payload(frame, i));
      history.put((int) sequenceNumber & 0xFFFF, packet);
      history.remove((int) (sequenceNumber - HISTORY) & 0xFFFF);
      indexes.add(sequenceNumber);
      packets.add(packet);
    }
    return packets;
  }

  /// Its media clock.
  int timestamp(long nowNanos) {
    return firstTimestamp + units(nowNanos);
  }

  private int units(long nowNanos) {
    return (int) (nowNanos / 1000 * clockRate / 1_000_000);
  }

  private Map<Integer, byte[]> extensions(Map<HeaderExtension, Integer> ids) {
    Map<Integer, byte[]> data = new HashMap<>();
    ids.forEach(
        (extension, id) -> {
          byte[] value =
              switch (extension) {
                case MID -> mid.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
                case AUDIO_LEVEL -> video ? null : new byte[] {(byte) (0x80 | 30)};
                case VIDEO_ORIENTATION -> video ? new byte[] {3} : null;
                case PLAYOUT_DELAY -> video ? new byte[] {0, 16, 32} : null;
                case ABS_SEND_TIME -> new byte[] {1, 2, 3};
                default -> null;
              };
          if (value != null) {
            data.put(id, value);
          }
        });
    return data;
  }

  private byte[] payload(Frame frame, int index) {
    ByteBuffer payload = ByteBuffer.allocate(video ? 400 + 7 * index : 80);
    if (video) {
      payload.put((byte) (index == 0 ? 0x90 : 0x80)).put((byte) 0xE0);
      payload.putShort((short) (0x8000 | pictureId)).put((byte) tl0PicIdx).put((byte) 0);
      payload.put((byte) (frame.key() ? 0 : 1));
    } else {
      payload.put((byte) 0x4F);
    }
    payload.putInt(ssrc).putInt(frame.number()).put((byte) index).put((byte) frame.packets());
    return payload.array();
  }
}
