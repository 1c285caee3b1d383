package org.plenum.broadcast.recording;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.plenum.broadcast.frame.EncodedVideo;
import org.plenum.broadcast.recording.RecordedTrack.Part;
import org.plenum.broadcast.sound.OpusPacket;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.Rid;
import org.plenum.sfu.TappedPacket;
import org.plenum.sfu.TappedStream;
import org.plenum.sfu.TrackId;
import org.plenum.sfu.TrackSource;

/// What comes out of a recording, and that ffmpeg decodes all of it.
class RoomRecorderTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long MILLI = 1_000_000L;
  private static final long STEP = 10 * MILLI;
  private static final int FRAMES = 180;
  private static final int TICKS = 3_000;
  private static final ParticipantId ADA = new ParticipantId("ada");

  /// Near the wrap-around of the clock.
  private static final long BEGIN = Long.MAX_VALUE - 2 * SECOND;

  private final MemoryOutput out = new MemoryOutput();
  private final RoomRecorder recorder = new RoomRecorder(BEGIN, out);
  private final List<TappedStream> streams = new ArrayList<>();
  private final Random random = new Random(3);
  private List<ParticipantId> speakers = List.of();
  private long now = BEGIN;
  private long number = 65_500;

  /// A packet for each thousand that gets lost for good.
  private int lost;

  @ParameterizedTest
  @EnumSource(names = {"VP8", "H264", "VP9", "AV1"})
  void whatWasReceivedIsInTheFileAndCanBeSoughtIn(CodecName codec) {
    TappedStream camera = camera(codec, null, 182);
    send(camera, EncodedVideo.pictures(codec, 322, 182, FRAMES, 60), -100_000, true);
    recorder.end();
    Part part = only();
    assertEquals(322, part.width());
    assertEquals(182, part.height());
    assertTrue(Math.abs(part.lengthNanos() - 6 * SECOND) < 20 * MILLI, "" + part.lengthNanos());
    String suffix = codec == CodecName.VP8 ? ".webm" : ".mp4";
    String name = codec == CodecName.VP8 ? "vp8" : part.codec().startsWith("avc1") ? "h264" : "";
    name = name.isEmpty() ? part.codec().startsWith("vp09") ? "vp9" : "av1" : name;
    assertTrue(part.file().endsWith(suffix), part.file());
    byte[] file = out.file(part.file());
    assertEquals(name + ",322,182," + FRAMES, EncodedVideo.decoded(file, suffix, ""));
    EncodedVideo.decoded(file, suffix, "-ss 4.1");
    String duration = probe(file, suffix, "format=duration");
    assertTrue(Math.abs(Double.parseDouble(duration) - 6) < 0.05, duration);
    // From the key frame before 4.5 s on, without reading what lies before.
    assertTrue(firstAfter(file, suffix, "4.5").startsWith("4.0"), "sought");
    assertTrue(out.closed.contains(part.file()));
    assertFalse(camera.isWanted());
  }

  @ParameterizedTest
  @EnumSource(names = {"VP8", "H264", "VP9", "AV1"})
  void whatBreaksOffCanBePlayedToWithinTheLastSecond(CodecName codec) {
    TappedStream camera = camera(codec, null, 182);
    send(camera, EncodedVideo.pictures(codec, 322, 182, FRAMES, 60), 7, true);
    Part part = only();
    String suffix = codec == CodecName.VP8 ? ".webm" : ".mp4";
    String said = EncodedVideo.decoded(out.file(part.file()), suffix, "");
    int pictures = Integer.parseInt(said.substring(said.lastIndexOf(',') + 1));
    assertTrue(pictures >= FRAMES - 30, pictures + " of " + FRAMES);
  }

  @ParameterizedTest
  @EnumSource(names = {"VP8", "H264", "VP9", "AV1"})
  void lossLeavesNoBrokenPicture(CodecName codec) {
    TappedStream camera = camera(codec, null, 182);
    lost = 10;
    send(camera, EncodedVideo.pictures(codec, 322, 182, FRAMES, 15), 9, true);
    pass(SECOND);
    recorder.end();
    Part part = only();
    String suffix = codec == CodecName.VP8 ? ".webm" : ".mp4";
    String said = EncodedVideo.decoded(out.file(part.file()), suffix, "");
    int pictures = Integer.parseInt(said.substring(said.lastIndexOf(',') + 1));
    assertTrue(pictures > FRAMES / 4 && pictures < FRAMES, pictures + " of " + FRAMES);
    assertTrue(Math.abs(part.lengthNanos() - 6 * SECOND) < SECOND, "time was not lost");
  }

  @Test
  void anotherSizeIsAnotherFileThatGoesOnWhereTheFormerEnds() {
    TappedStream camera = camera(CodecName.H264, null, 182);
    send(camera, EncodedVideo.pictures(CodecName.H264, 322, 182, 60, 30), 0, true);
    send(camera, EncodedVideo.pictures(CodecName.H264, 160, 90, 60, 30), 60 * TICKS, true);
    recorder.end();
    List<Part> parts = recorder.tracks(now).getFirst().parts();
    assertEquals(List.of(322, 160), parts.stream().map(Part::width).toList());
    long gap = parts.get(1).startNanos() - parts.get(0).startNanos() - parts.get(0).lengthNanos();
    assertTrue(Math.abs(gap) < 40 * MILLI, "gap of " + gap);
    for (Part part : parts) {
      assertTrue(EncodedVideo.decoded(out.file(part.file())).endsWith(",60"));
    }
  }

  @Test
  void theLargestLayerIsRecordedAndTheNextOneWhereItsPublisherStopsIt() {
    TappedStream small = camera(CodecName.H264, new Rid("l"), 90);
    TappedStream large = camera(CodecName.H264, new Rid("h"), 182);
    pass(STEP);
    assertTrue(large.isWanted());
    assertFalse(small.isWanted());
    send(large, EncodedVideo.pictures(CodecName.H264, 322, 182, 60, 30), 0, true);
    large.state(new TappedStream.State(CodecName.H264, false, true, 182));
    pass(STEP);
    assertTrue(small.isWanted());
    assertTrue(small.takeKeyFrameAsked());
    send(small, EncodedVideo.pictures(CodecName.H264, 160, 90, 60, 30), 12_345, true);
    assertFalse(large.isWanted());
    recorder.end();
    List<Part> parts = recorder.tracks(now).getFirst().parts();
    assertEquals(List.of(322, 160), parts.stream().map(Part::width).toList());
  }

  @Test
  void keyFramesAreAskedForNowAndThenSoThatPlayersCanSeek() {
    TappedStream camera = camera(CodecName.H264, null, 182);
    send(camera, EncodedVideo.pictures(CodecName.H264, 322, 182, 360, 1_000), 0, true);
    assertTrue(camera.takeKeyFrameAsked());
  }

  @Test
  void senderReportsSayWhereAFileLies() {
    TappedStream camera = camera(CodecName.H264, null, 182);
    // What was captured came 300 ms later.
    camera.captured(new TappedStream.Captured(0, BEGIN - 300 * MILLI));
    send(camera, EncodedVideo.pictures(CodecName.H264, 322, 182, 60, 30), 0, true);
    assertEquals(-300 * MILLI, only().startNanos());
    // A second later its clock turns out to be 20 ms slow.
    camera.captured(new TappedStream.Captured(90_000, BEGIN + 720 * MILLI));
    send(camera, EncodedVideo.pictures(CodecName.H264, 322, 182, 30, 30), 60 * TICKS, true);
    assertEquals(
        List.of(
            new RecordedTrack.Place(0, -300 * MILLI), new RecordedTrack.Place(SECOND, 720 * MILLI)),
        only().alignment());
  }

  @Test
  void timesThatRunBackwardsOrJumpBeginAnotherFile() {
    TappedStream camera = camera(CodecName.VP8, null, 182);
    List<List<byte[]>> pictures = EncodedVideo.pictures(CodecName.VP8, 322, 182, 60, 30);
    send(camera, pictures, 0, true);
    send(camera, pictures, -90_000 * 100, true);
    send(camera, pictures, 90_000 * 1_000, true);
    recorder.end();
    List<Part> parts = recorder.tracks(now).getFirst().parts();
    assertEquals(3, parts.size());
    for (Part part : parts) {
      assertTrue(EncodedVideo.decoded(out.file(part.file()), ".webm", "").endsWith(",60"));
    }
  }

  @Test
  void aCameraThatNeverSendsAKeyFrameLeavesNoFile() {
    TappedStream camera = camera(CodecName.H264, null, 182);
    List<List<byte[]>> pictures = EncodedVideo.pictures(CodecName.H264, 322, 182, 60, 100);
    send(camera, pictures.subList(1, 60), 0, true);
    recorder.end();
    assertEquals(List.of(), recorder.tracks(now));
    assertTrue(camera.takeKeyFrameAsked());
  }

  @Test
  void soundIsKeptAsItCameWithSilenceWhereNothingCame() {
    TappedStream microphone = microphone();
    // 20 ms of CELT in stereo each, as a browser sends it.
    byte[] tone = opus();
    for (int i = 0; i < 300; i++) {
      boolean silent = i >= 100 && i < 200;
      if (!silent) {
        packet(microphone, CodecName.OPUS, 48_000 + i * 960, false, tone);
      }
      number += silent ? 0 : 1;
      pass(20 * MILLI);
    }
    recorder.end();
    Part part = only();
    assertTrue(part.file().endsWith("-microphone.mp4"), part.file());
    assertEquals(6 * SECOND, part.lengthNanos());
    byte[] file = out.file(part.file());
    EncodedVideo.decoded(file, ".mp4", "");
    assertEquals("300", probe(file, ".mp4", "stream=nb_read_packets").strip());
  }

  /// As after a breakout room: the same person and the same id of the track.
  @Test
  void soundGoesOnInAnotherFileWhenItsPublisherComesBack() {
    speakFor(microphone(), 100, 48_000);
    streams.clear();
    pass(SECOND);
    number = 12;
    speakFor(microphone(), 100, -7_000_000);
    recorder.end();
    assertTwoFilesOfTwoSeconds(3 * SECOND);
  }

  @Test
  void soundGoesOnInAnotherFileWhenItsSsrcChanges() {
    speakFor(microphone(), 100, 48_000);
    streams.clear();
    number = 12;
    speakFor(microphone(), 100, -7_000_000);
    recorder.end();
    assertTwoFilesOfTwoSeconds(2 * SECOND);
  }

  @Test
  void soundThatWaitsForALostPacketIsKeptWhenItsPublisherLeaves() {
    TappedStream microphone = microphone();
    speakFor(microphone, 10, 0);
    number++;
    speakFor(microphone, 10, 10 * 960);
    streams.clear();
    pass(STEP);
    assertEquals(20 * 20 * MILLI, only().lengthNanos());
  }

  @Test
  void anEncoderThatChangesWithEachKeyFrameLeavesPlaceForOthers() {
    List<List<byte[]>> wide = EncodedVideo.pictures(CodecName.H264, 322, 182, 1, 1);
    List<List<byte[]>> small = EncodedVideo.pictures(CodecName.H264, 160, 90, 1, 1);
    TappedStream camera = camera(CodecName.H264, null, 182);
    for (int i = 0; i < 60 * 30; i++) {
      send(camera, i % 2 == 0 ? wide : small, i * TICKS, true);
    }
    RecordedTrack track = recorder.tracks(now).getFirst();
    assertEquals(FileAllowance.AT_ONCE + 6, track.parts().size(), 1);
    assertTrue(track.leftOutNanos() > 20 * SECOND, "left out " + track.leftOutNanos());
    assertTrue(track.leftOutNanos() < 60 * SECOND, "what fits the open file is in it");
    streams.clear();
    TappedStream bob = camera(new ParticipantId("bob"), CodecName.H264, null, 182);
    send(bob, wide, 5, true);
    assertEquals(2, recorder.tracks(now).size());
    assertEquals(0, recorder.tracks(now).getLast().leftOutNanos());
  }

  @Test
  void aClockThatJumpsWithEachPacketLeavesPlaceForOthers() {
    TappedStream microphone = microphone();
    for (int i = 0; i < 1_000; i++) {
      packet(microphone, CodecName.OPUS, i % 2 * 480_000, false, OpusPacket.silence());
      number++;
      pass(20 * MILLI);
    }
    RecordedTrack track = recorder.tracks(now).getFirst();
    assertTrue(track.parts().size() <= FileAllowance.AT_ONCE + 3, "" + track.parts().size());
    assertTrue(track.leftOutNanos() > 5 * SECOND, "left out " + track.leftOutNanos());
  }

  @Test
  void whoLeftNothingIsForgotten() {
    for (int i = 0; i < 100; i++) {
      camera(new ParticipantId("guest-" + i), CodecName.H264, null, 182);
      pass(STEP);
      streams.clear();
      pass(STEP);
    }
    assertEquals(0, recorder.known());
    speakFor(microphone(), 10, 0);
    streams.clear();
    pass(STEP);
    assertEquals(1, recorder.known());
    assertEquals(1, recorder.tracks(now).size());
  }

  @Test
  void theFileOfSpeakersIsThereThoughNobodySpoke() {
    pass(SECOND);
    recorder.end();
    assertEquals(0, out.file(RoomRecorder.SPEAKERS).length);
  }

  @Test
  void whoSpeaksIsNoted() {
    pass(SECOND);
    speakers = List.of(ADA, new ParticipantId("bob"));
    pass(SECOND);
    speakers = List.of();
    pass(SECOND);
    assertArrayEquals(
        "1.01 ada\n2.01 -\n".getBytes(StandardCharsets.UTF_8), out.file(RoomRecorder.SPEAKERS));
  }

  private TappedStream microphone() {
    var stream =
        new TappedStream(
            ADA,
            new TrackId("m"),
            TrackSource.MICROPHONE,
            null,
            new TappedStream.State(CodecName.OPUS, false, false, 0));
    streams.add(stream);
    pass(STEP);
    return stream;
  }

  /// In packets of 20 ms.
  private void speakFor(TappedStream microphone, int packets, int timestamp) {
    for (int i = 0; i < packets; i++) {
      packet(microphone, CodecName.OPUS, timestamp + i * 960, false, OpusPacket.silence());
      number++;
      pass(20 * MILLI);
    }
  }

  private void assertTwoFilesOfTwoSeconds(long apartNanos) {
    List<Part> parts = recorder.tracks(now).getFirst().parts();
    assertEquals(List.of(2 * SECOND, 2 * SECOND), parts.stream().map(Part::lengthNanos).toList());
    long apart = parts.get(1).startNanos() - parts.get(0).startNanos();
    assertEquals(apartNanos, apart, 50 * MILLI);
  }

  private TappedStream camera(CodecName codec, @Nullable Rid rid, int height) {
    return camera(ADA, codec, rid, height);
  }

  private TappedStream camera(
      ParticipantId publisher, CodecName codec, @Nullable Rid rid, int height) {
    var stream =
        new TappedStream(
            publisher,
            new TrackId("c"),
            TrackSource.CAMERA,
            rid,
            new TappedStream.State(codec, false, false, height));
    streams.add(stream);
    pass(STEP);
    now -= STEP;
    return stream;
  }

  /// At 30 a second.
  private void send(
      TappedStream stream, List<List<byte[]>> pictures, int timestamp, boolean timely) {
    long first = now;
    for (int i = 0; i < pictures.size(); i++) {
      List<byte[]> payloads = pictures.get(i);
      for (int p = 0; p < payloads.size(); p++) {
        number++;
        if (random.nextInt(1_000) >= lost) {
          boolean marker = p == payloads.size() - 1;
          packet(stream, stream.state().codec(), timestamp + i * TICKS, marker, payloads.get(p));
        }
      }
      while (timely && now - first < (i + 1) * SECOND / 30) {
        pass(STEP);
      }
    }
  }

  private void packet(
      TappedStream stream, CodecName codec, int timestamp, boolean marker, byte[] payload) {
    if (stream.isWanted()) {
      recorder.onPacket(
          new TappedPacket(stream, number, timestamp, marker, codec, payload, now), now);
    }
  }

  private void pass(long nanos) {
    for (long passed = 0; passed < nanos; passed += STEP) {
      now += STEP;
      recorder.onTimeout(streams, speakers, now);
    }
  }

  private Part only() {
    List<RecordedTrack> tracks = recorder.tracks(now);
    assertEquals(1, tracks.size());
    assertEquals(1, tracks.getFirst().parts().size(), "" + tracks);
    return tracks.getFirst().parts().getFirst();
  }

  private static byte[] opus() {
    byte[] ogg =
        EncodedVideo.run(
            List.of(
                "sh",
                "-c",
                "ffmpeg -v error -f lavfi -i sine=440:duration=1 -ac 2 -c:a libopus -vbr off"
                    + " -b:a 64k -page_duration 1 -f ogg -"));
    // The last page: its packet stands behind the segment table.
    int page = lastPage(ogg, ogg.length);
    page = lastPage(ogg, page);
    int segments = ogg[page + 26] & 0xFF;
    int length = 0;
    for (int i = 0; i < segments; i++) {
      length += ogg[page + 27 + i] & 0xFF;
    }
    return Arrays.copyOfRange(ogg, page + 27 + segments, page + 27 + segments + length);
  }

  private static int lastPage(byte[] ogg, int before) {
    for (int i = before - 4; i >= 0; i--) {
      if (ogg[i] == 'O' && ogg[i + 1] == 'g' && ogg[i + 2] == 'g' && ogg[i + 3] == 'S') {
        return i;
      }
    }
    throw new IllegalStateException("no page");
  }

  private static String probe(byte[] file, String suffix, String entries) {
    return ffprobe(file, suffix, "-count_packets -show_entries " + entries).strip();
  }

  /// The time of the first packet that a player gets which seeks.
  private static String firstAfter(byte[] file, String suffix, String seconds) {
    return Objects.requireNonNull(
        ffprobe(file, suffix, "-read_intervals " + seconds + "%+0.1 -show_entries packet=pts_time")
            .lines()
            .findFirst()
            .orElse(null));
  }

  private static String ffprobe(byte[] file, String suffix, String options) {
    try {
      var path = Files.createTempFile("recorded", suffix);
      try {
        Files.write(path, file);
        byte[] said =
            EncodedVideo.run(
                List.of("sh", "-c", "ffprobe -v error " + options + " -of csv=p=0 " + path));
        return new String(said, StandardCharsets.UTF_8);
      } finally {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
