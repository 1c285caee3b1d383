package org.plenum.broadcast.programme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.plenum.broadcast.frame.EncodedVideo;
import org.plenum.broadcast.hls.PlaylistRules;
import org.plenum.broadcast.hls.Playlists;
import org.plenum.broadcast.hls.Rendition;
import org.plenum.broadcast.hls.Segment;
import org.plenum.broadcast.sound.Libopus;
import org.plenum.broadcast.sound.SoundEncoder;
import org.plenum.broadcast.sound.SoundMixer;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.TappedPacket;
import org.plenum.sfu.TappedStream;
import org.plenum.sfu.TrackId;
import org.plenum.sfu.TrackSource;

/// With the real libopus: a tone goes in as a microphone's packets, and comes out of the segments.
class SoundtrackTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long STEP = 10_000_000L;
  private static final long BEGIN = 77 * SECOND;

  private final List<FakeCamera> cameras =
      new ArrayList<>(FakeCamera.simulcast("ada", BEGIN).subList(0, 1));
  private final Programme programme = new Programme(BEGIN);
  private final PlaylistRules rules = new PlaylistRules();
  private final TappedStream microphone = microphone("ada");
  private final List<TappedStream> microphones = new ArrayList<>(List.of(microphone));
  private SoundEncoder publisher;
  private Soundtrack sound;
  private long now = BEGIN;
  private int packets;

  @BeforeEach
  void start() {
    assumeTrue(Libopus.isPresent(), "this test needs Debian's libopus0");
    publisher = Libopus.encoder();
    sound = new Soundtrack(programme, Libopus::decoder, Libopus.encoder(), BEGIN);
  }

  @AfterEach
  void stop() {
    if (sound != null) {
      sound.close();
      publisher.close();
    }
  }

  @Test
  void aToneComesOutAsItWentIn() {
    pass(11 * SECOND);
    List<Segment> segments = segments();
    assertTrue(microphone.isWanted());
    for (Segment segment : segments.subList(1, segments.size())) {
      assertEquals(2L * Segment.TICKS, segment.durationTicks());
      assertEquals(0, segment.startTicks() % Line.SEGMENT_TICKS);
    }
    assertEquals(programme.firstTicks(), segments.getFirst().startTicks(), 1800);
    String said = probe("-af", "volumedetect");
    // A sine of 0.5: 6 dB below full scale, and 9 dB as its mean power.
    assertTrue(said.matches("(?s).*max_volume: -[56]\\.\\d dB.*"), said);
    assertTrue(said.matches("(?s).*mean_volume: -(8\\.[5-9]|9\\.\\d|10\\.0) dB.*"), said);
  }

  @Test
  void nobodyWhoIsMutedIsHeardAndTheSoundGoesOnInSilence() {
    pass(4 * SECOND);
    microphone.state(new TappedStream.State(CodecName.OPUS, true, false, 0));
    pass(10 * SECOND);
    assertFalse(microphone.isWanted());
    assertTrue(segments().getLast().endTicks() >= 12L * Segment.TICKS);
  }

  @Test
  void discontinuitiesAreWhereThePictureHasThem() {
    pass(5 * SECOND);
    cameras.getFirst().resize(640, 480);
    pass(5 * SECOND);
    assertEquals(1, segments().getLast().discontinuity());
    Segment first =
        segments().stream().filter(each -> each.discontinuity() == 1).findFirst().orElseThrow();
    long picture =
        programme.renditions().getFirst().listed().stream()
            .map(Rendition.Entry::segment)
            .filter(each -> each.discontinuity() == 1)
            .findFirst()
            .orElseThrow()
            .startTicks();
    assertEquals(picture, first.startTicks());
  }

  @Test
  void ofManyTwelveAreMixedAndWhoSpeaksIsAmongThem() {
    for (int i = 0; i < 20; i++) {
      microphones.add(microphone("p" + i));
    }
    pass(SECOND, new ParticipantId("p19"));
    assertEquals(12, microphones.stream().filter(TappedStream::isWanted).count());
    assertTrue(microphones.getLast().isWanted());
  }

  private String probe(String... filter) {
    var file = new ByteArrayOutputStream();
    file.writeBytes(segments().getFirst().init().bytes());
    segments().forEach(segment -> file.writeBytes(segment.bytes()));
    try {
      Path path = Files.createTempFile("sound", ".mp4");
      try {
        Files.write(path, file.toByteArray());
        String command =
            "ffmpeg -hide_banner -xerror -i %s %s -f null - 2>&1"
                .formatted(path, String.join(" ", filter));
        byte[] said = EncodedVideo.run(List.of("sh", "-c", command));
        return new String(said, StandardCharsets.UTF_8);
      } finally {
        Files.delete(path);
      }
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void pass(long nanos, ParticipantId... speakers) {
    for (long passed = 0; passed < nanos; passed += STEP) {
      now += STEP;
      cameras.forEach(camera -> camera.pass(now, (packet, _) -> programme.onPacket(packet, now)));
      if (passed % (2 * STEP) == 0) {
        speak();
      }
      List<TappedStream> streams = new ArrayList<>(microphones);
      cameras.forEach(camera -> streams.add(camera.stream));
      programme.onTimeout(streams, List.of(speakers), null, now);
      long before = sound.rendition().changes();
      sound.onTimeout(streams, List.of(speakers), now);
      if (sound.rendition().changes() != before) {
        rules.load(
            Playlists.media(sound.rendition().listing(), Instant.EPOCH, List.of(), false, false));
      }
    }
  }

  /// 20 ms of a sine of 400 Hz.
  private void speak() {
    float[] samples = new float[2 * SoundMixer.FRAME];
    for (int i = 0; i < SoundMixer.FRAME; i++) {
      double phase = 2 * Math.PI * 400 * (packets * SoundMixer.FRAME + i) / SoundMixer.RATE;
      samples[2 * i] = (float) (0.5 * Math.sin(phase));
      samples[2 * i + 1] = samples[2 * i];
    }
    byte[] payload = publisher.encode(samples);
    int timestamp = -500 + packets * SoundMixer.FRAME;
    sound.onPacket(
        new TappedPacket(microphone, packets, timestamp, false, CodecName.OPUS, payload, now), now);
    packets++;
  }

  private List<Segment> segments() {
    return sound.rendition().listed().stream().map(Rendition.Entry::segment).toList();
  }

  private static TappedStream microphone(String name) {
    return new TappedStream(
        new ParticipantId(name),
        new TrackId(name + "mic"),
        TrackSource.MICROPHONE,
        null,
        new TappedStream.State(CodecName.OPUS, false, false, 0));
  }
}
