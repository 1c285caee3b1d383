package org.plenum.broadcast.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.plenum.broadcast.box.Fragment;
import org.plenum.broadcast.box.InitSegment;
import org.plenum.broadcast.box.Sample;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.TappedPacket;
import org.plenum.sfu.TappedStream;
import org.plenum.sfu.TrackId;
import org.plenum.sfu.TrackSource;

class StreamReaderTest {
  private static final long FRAME = 33_333_333L;
  private static final int COUNT = 40;
  private static final int KEY_EVERY = 10;

  private final List<Frame> frames = new ArrayList<>();
  private final StreamReader reader = new StreamReader(EnumSet.allOf(CodecName.class));

  @ParameterizedTest
  @EnumSource(names = {"H264", "VP9", "AV1"})
  void ffmpegDecodesWhatWasPutTogether(CodecName codec) {
    packets(codec).forEach(packet -> take(packet, packet.arrivalNanos()));
    assertEquals(COUNT, frames.size());
    assertEquals(COUNT / KEY_EVERY, frames.stream().filter(Frame::isKey).count());
    String name = codec == CodecName.H264 ? "h264" : codec == CodecName.VP9 ? "vp9" : "av1";
    assertEquals(name + ",322,182," + COUNT, EncodedVideo.decoded(mp4(frames)));
    assertFalse(reader.needsKeyFrame());
  }

  /// Near the wrap-around of everything that wraps around.
  @ParameterizedTest
  @EnumSource(names = {"H264", "VP9", "AV1"})
  void packetsOutOfOrderArePutIntoOrder(CodecName codec) {
    List<TappedPacket> packets = new ArrayList<>(packets(codec));
    var random = new Random(7);
    for (int i = 1; i + 4 < packets.size(); i += 4) {
      Collections.shuffle(packets.subList(i, i + 4), random);
    }
    packets.forEach(packet -> take(packet, packet.arrivalNanos()));
    reader.onTimeout(
        packets.getLast().arrivalNanos() + 2 * ReorderBuffer.PATIENCE_NANOS, frames::add);
    assertEquals(COUNT, frames.size());
    for (int i = 0; i < COUNT; i++) {
      assertEquals(frames.getFirst().timestamp() + 3000L * i, frames.get(i).timestamp());
    }
    EncodedVideo.decoded(mp4(frames));
  }

  /// Five in a hundred packets never come.
  @ParameterizedTest
  @EnumSource(names = {"H264", "VP9", "AV1"})
  void whatIsLostLeavesNoBrokenFrame(CodecName codec) {
    var random = new Random(11);
    List<TappedPacket> packets = packets(codec);
    Set<Integer> touched = new HashSet<>();
    for (TappedPacket packet : packets) {
      if (random.nextInt(100) < 5) {
        touched.add(packet.timestamp());
      } else {
        take(packet, packet.arrivalNanos());
      }
    }
    reader.onTimeout(60_000_000_000L, frames::add);
    assertTrue(frames.size() < COUNT, "something was lost");
    assertTrue(frames.size() > 2, "and something was not");
    long lost = 0;
    for (Frame frame : frames) {
      assertFalse(touched.contains((int) frame.timestamp()), "a frame that lacks a packet");
    }
    lost += reader.brokenPictures();
    assertTrue(lost > 0);
    EncodedVideo.decoded(mp4(frames));
  }

  @Test
  void afterALossItWantsAKeyFrame() {
    List<TappedPacket> packets = packets(CodecName.VP9);
    assertTrue(reader.needsKeyFrame(), "at the beginning");
    take(packets.getFirst(), 0);
    long gap = ReorderBuffer.PATIENCE_NANOS;
    List<TappedPacket> rest = packets.subList(2, packets.size());
    for (TappedPacket packet : rest) {
      if (packet.arrivalNanos() - packets.getFirst().arrivalNanos() < gap / 2) {
        take(packet, packet.arrivalNanos());
      }
    }
    assertTrue(frames.isEmpty(), "one packet is still waited for");
    take(packets.get(1), packets.getFirst().arrivalNanos() + gap / 2);
    assertFalse(frames.isEmpty(), "it came late");
    assertFalse(reader.needsKeyFrame());
  }

  @ParameterizedTest
  @EnumSource(names = {"H264", "VP9", "AV1"})
  void garbageIsNoFrameAndNoFault(CodecName codec) {
    var random = new Random(3);
    for (int number = 0; number < 20_000; number++) {
      byte[] payload = new byte[random.nextInt(40)];
      random.nextBytes(payload);
      take(packet(codec, number, number / 3, number % 3 == 2, payload, number), number);
    }
    frames.clear();
    List<TappedPacket> packets = packets(codec);
    var later = new ArrayList<TappedPacket>();
    for (int i = 0; i < packets.size(); i++) {
      TappedPacket each = packets.get(i);
      later.add(
          packet(codec, 20_000 + i, each.timestamp(), each.marker(), each.payload(), 20_000L + i));
    }
    later.forEach(each -> take(each, each.arrivalNanos()));
    assertEquals(COUNT, frames.size(), "what comes after it is read");
  }

  @Test
  void packetsThatOnlyKeepANumberAreNoPictures() {
    for (int number = 0; number < 10; number++) {
      take(packet(CodecName.H264, number, number, true, new byte[0], number), number);
    }
    assertEquals(0, frames.size());
    assertEquals(0, reader.brokenPictures());
  }

  private void take(TappedPacket packet, long nowNanos) {
    reader.onPacket(packet, nowNanos, frames::add);
  }

  private static List<TappedPacket> packets(CodecName codec) {
    List<TappedPacket> packets = new ArrayList<>();
    int timestamp = -20 * 3000;
    long arrival = 0;
    for (List<byte[]> picture : EncodedVideo.pictures(codec, 322, 182, COUNT, KEY_EVERY)) {
      for (int i = 0; i < picture.size(); i++) {
        boolean marker = i == picture.size() - 1;
        packets.add(packet(codec, packets.size(), timestamp, marker, picture.get(i), arrival));
      }
      timestamp += 3000;
      arrival += FRAME;
    }
    return packets;
  }

  private static TappedPacket packet(
      CodecName codec,
      int number,
      int timestamp,
      boolean marker,
      byte[] payload,
      long arrivalNanos) {
    var stream =
        new TappedStream(
            new ParticipantId("ada"),
            new TrackId("camera"),
            TrackSource.CAMERA,
            null,
            new TappedStream.State(codec, false, false, 0));
    return new TappedPacket(stream, number, timestamp, marker, codec, payload, arrivalNanos);
  }

  private static byte[] mp4(List<Frame> frames) {
    var file = new ByteArrayOutputStream();
    file.writeBytes(
        InitSegment.video(java.util.Objects.requireNonNull(frames.getFirst().format())));
    int number = 0;
    List<Sample> samples = new ArrayList<>();
    long begin = 0;
    for (Frame frame : frames) {
      if (frame.isKey() && !samples.isEmpty()) {
        file.writeBytes(Fragment.write(++number, begin, samples));
        begin += 3000L * samples.size();
        samples.clear();
      }
      samples.add(new Sample(frame.data(), 3000, frame.isKey()));
    }
    file.writeBytes(Fragment.write(++number, begin, samples));
    return file.toByteArray();
  }
}
