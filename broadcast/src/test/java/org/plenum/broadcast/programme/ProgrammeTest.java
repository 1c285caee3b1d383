package org.plenum.broadcast.programme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.plenum.broadcast.frame.EncodedVideo;
import org.plenum.broadcast.hls.Availability;
import org.plenum.broadcast.hls.Part;
import org.plenum.broadcast.hls.PlaylistRules;
import org.plenum.broadcast.hls.Playlists;
import org.plenum.broadcast.hls.Rendition;
import org.plenum.broadcast.hls.Segment;
import org.plenum.broadcast.sound.SoundDecoder;
import org.plenum.broadcast.sound.SoundEncoder;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.TappedStream;
import org.plenum.sfu.TrackSource;

class ProgrammeTest {
  /// The index of the sound's rendition.
  private static final int SOUND = -1;

  private static final long SECOND = 1_000_000_000L;
  private static final long STEP = 10_000_000L;
  private static final Instant ZERO = Instant.parse("2026-11-28T12:00:00Z");

  /// Near the wrap-around of the clock.
  private static final long BEGIN = Long.MAX_VALUE - 3 * SECOND;

  private final Programme programme = new Programme(BEGIN);
  private final List<FakeCamera> cameras = new ArrayList<>();
  private final Map<Integer, PlaylistRules> rules = new HashMap<>();
  private final Map<Integer, Availability> availability = new HashMap<>();
  private final Random random = new Random(5);
  private List<ParticipantId> speakers = List.of();
  private @Nullable ParticipantId pinned;
  private long now = BEGIN;
  private int lossPercent;
  private @Nullable Soundtrack sound;
  private int loads;

  /// By the index of a rendition and a discontinuity's number, where what follows it begins.
  private final Map<Integer, Map<Integer, Instant>> changes = new HashMap<>();

  @Test
  void threeLayersBecomeThreeRenditionsWithSegmentsOfTwoSeconds() {
    cameras.addAll(FakeCamera.simulcast("ada", now));
    pass(30 * SECOND);
    assertEquals(3, programme.renditions().size());
    for (Rendition rendition : programme.renditions()) {
      List<Rendition.Entry> listed = rendition.listed();
      int height = 720 >> rendition.index();
      assertEquals(0, listed.getLast().segment().discontinuity(), "nothing has changed");
      for (Rendition.Entry entry : listed.subList(1, listed.size())) {
        Segment segment = entry.segment();
        assertEquals(height, segment.init().height());
        assertTrue(segment.independent());
        long from = segment.startTicks() % Line.SEGMENT_TICKS;
        long off = Math.min(from, Line.SEGMENT_TICKS - from);
        assertTrue(off <= Segment.TICKS / 10, "a boundary is " + off + " ticks off the grid");
      }
    }
    assertTrue(cameras.getFirst().keysAsked < 30, "asked " + cameras.getFirst().keysAsked);
  }

  @Test
  void theDominantSpeakerIsShownFromAKeyFrameOnAndTheFormerUntilThen() {
    cameras.addAll(FakeCamera.simulcast("ada", now));
    cameras.addAll(FakeCamera.simulcast("bob", now));
    speakers = List.of(new ParticipantId("ada"));
    pass(10 * SECOND);
    cameras.subList(3, 6).forEach(camera -> assertFalse(camera.stream.isWanted()));
    speakers = List.of(new ParticipantId("bob"));
    pass(10 * SECOND);
    cameras.subList(0, 3).forEach(camera -> assertFalse(camera.stream.isWanted()));
    for (Rendition rendition : programme.renditions()) {
      List<Segment> segments = segments(rendition);
      Segment last = segments.getLast();
      assertEquals(1, last.discontinuity());
      Segment first =
          segments.stream().filter(each -> each.discontinuity() == 1).findFirst().orElseThrow();
      Segment before =
          segments.stream()
              .filter(each -> each.discontinuity() == 0)
              .reduce((_, later) -> later)
              .orElseThrow();
      assertTrue(first.independent());
      assertEquals(before.endTicks(), first.startTicks(), "no hole");
    }
  }

  @Test
  void aSpeakerWhoseEncoderNeverSendsAKeyFrameLeavesTheFormerPicture() {
    cameras.addAll(FakeCamera.simulcast("ada", now));
    cameras.addAll(FakeCamera.simulcast("bob", now));
    cameras.subList(3, 6).forEach(camera -> camera.obeys = false);
    speakers = List.of(new ParticipantId("ada"));
    pass(5 * SECOND);
    speakers = List.of(new ParticipantId("bob"));
    pass(20 * SECOND);
    Segment last = segments(programme.renditions().getFirst()).getLast();
    assertEquals(0, last.discontinuity());
    assertTrue(last.endTicks() > 20L * Segment.TICKS, "it goes on");
  }

  @Test
  void anEncoderThatStopsSendingKeyFramesIsCutAnywhere() {
    cameras.add(new FakeCamera("ada", TrackSource.CAMERA, 640, 360, 30, now));
    pass(5 * SECOND);
    cameras.getFirst().obeys = false;
    pass(20 * SECOND);
    List<Segment> segments = segments(programme.renditions().getFirst());
    assertFalse(segments.getLast().independent());
    assertTrue(segments.getLast().endTicks() > 22L * Segment.TICKS);
    String playlist = playlist(programme.renditions().getFirst());
    assertFalse(playlist.contains("INDEPENDENT"), playlist);
  }

  @Test
  void anotherSizeIsAnotherInitializationAfterADiscontinuityInAllRenditions() {
    cameras.addAll(FakeCamera.simulcast("ada", now));
    pass(6 * SECOND);
    cameras.get(2).resize(960, 540);
    pass(6 * SECOND);
    for (Rendition rendition : programme.renditions()) {
      assertEquals(1, segments(rendition).getLast().discontinuity());
    }
    assertEquals(540, segments(programme.renditions().getFirst()).getLast().init().height());
    assertTrue(playlist(programme.renditions().getFirst()).contains("#EXT-X-DISCONTINUITY\n"));
  }

  @Test
  void anotherCodecIsAnotherInitializationAfterADiscontinuityInAllRenditions() {
    cameras.addAll(FakeCamera.simulcast("ada", now));
    pass(6 * SECOND);
    cameras.forEach(FakeCamera::recode);
    pass(8 * SECOND);
    for (Rendition rendition : programme.renditions()) {
      List<Segment> listed = segments(rendition);
      assertEquals("avc1.42c01f", listed.getFirst().init().codec());
      String codec = listed.getLast().init().codec();
      assertTrue(codec.startsWith("vp09."), codec);
      assertEquals(
          listed.getLast().discontinuity(),
          segments(programme.renditions().getFirst()).getLast().discontinuity());
      for (int i = 1; i < listed.size(); i++) {
        assertEquals(listed.get(i - 1).endTicks(), listed.get(i).startTicks(), "no hole");
      }
    }
    long end = segments(programme.renditions().getFirst()).getLast().endTicks();
    assertTrue(end > 11L * Segment.TICKS, "it goes on to " + end);
  }

  @Test
  void whereTheOnlyPublisherNeverSendsAKeyFrameTheSlateIsShown() {
    cameras.addAll(FakeCamera.simulcast("ada", now));
    cameras.forEach(camera -> camera.obeys = false);
    pass(30 * SECOND);
    for (Rendition rendition : programme.renditions()) {
      Segment last = segments(rendition).getLast();
      assertEquals(640, last.init().width(), "the slate");
      assertTrue(last.endTicks() > 26L * Segment.TICKS);
    }
    assertTrue(cameras.getFirst().keysAsked > 20, "it is asked for on and on");
    assertTrue(cameras.getFirst().keysAsked < 80, "but not too often");
    cameras.forEach(camera -> camera.obeys = true);
    pass(8 * SECOND);
    assertEquals(1280, segments(programme.renditions().getFirst()).getLast().init().width());
  }

  @Test
  void aLayerThatStopsIsFilledFromTheNextOne() {
    cameras.addAll(FakeCamera.simulcast("ada", now));
    pass(6 * SECOND);
    cameras.get(2).sends = false;
    cameras.get(2).state(false, true);
    pass(10 * SECOND);
    assertEquals(
        List.of(360, 360, 180),
        programme.renditions().stream()
            .map(each -> segments(each).getLast().init().height())
            .toList());
  }

  /// Players load the multivariant playlist once.
  @Test
  void whoKnowsOnlyTheVariantOfOneLayerGetsTheLargestOfThree() {
    cameras.add(new FakeCamera("ada", TrackSource.CAMERA, 640, 360, 30, now));
    pass(10 * SECOND);
    List<Rendition> known = List.copyOf(programme.renditions());
    assertEquals(1, known.size());
    cameras.clear();
    cameras.addAll(FakeCamera.simulcast("bob", now));
    pass(10 * SECOND);
    assertEquals(720, segments(known.getFirst()).getLast().init().height());
    assertEquals(
        List.of(720, 360, 180),
        programme.renditions().stream()
            .map(each -> segments(each).getLast().init().height())
            .toList());
  }

  @Test
  void aSlateIsShownWhileNobodySends() {
    pass(8 * SECOND);
    assertEquals(3, programme.renditions().size(), "players learn once how many there are");
    cameras.addAll(FakeCamera.simulcast("ada", now));
    pass(6 * SECOND);
    cameras.forEach(camera -> camera.sends = false);
    cameras.forEach(camera -> camera.state(true, false));
    pass(20 * SECOND);
    for (Rendition rendition : programme.renditions()) {
      Segment last = segments(rendition).getLast();
      assertEquals(2, last.discontinuity());
      assertEquals(640, last.init().width());
      assertTrue(last.endTicks() > 31L * Segment.TICKS, "up to now: " + last.endTicks());
    }
    cameras.forEach(camera -> camera.sends = true);
    cameras.forEach(camera -> camera.state(false, false));
    pass(6 * SECOND);
    for (Rendition rendition : programme.renditions()) {
      List<Segment> listed = segments(rendition);
      assertEquals(3, listed.getLast().discontinuity());
      for (int i = 1; i < listed.size(); i++) {
        assertEquals(listed.get(i - 1).endTicks(), listed.get(i).startTicks(), "no hole");
      }
    }
  }

  @Test
  void ffmpegDecodesTheSlate() {
    pass(8 * SECOND);
    Rendition rendition = programme.renditions().getFirst();
    var file = new ByteArrayOutputStream();
    file.writeBytes(segments(rendition).getFirst().init().bytes());
    segments(rendition).forEach(segment -> file.writeBytes(segment.bytes()));
    assertTrue(EncodedVideo.decoded(file.toByteArray()).startsWith("h264,640,360,"));
  }

  @Test
  void theEndIsSaid() {
    cameras.addAll(FakeCamera.simulcast("ada", now));
    pass(5 * SECOND);
    assertFalse(playlist(programme.renditions().getFirst()).contains("ENDLIST"));
    programme.end();
    assertTrue(playlist(programme.renditions().getFirst()).endsWith("#EXT-X-ENDLIST\n"));
    long end = segments(programme.renditions().getFirst()).getLast().endTicks();
    for (Rendition rendition : programme.renditions()) {
      assertEquals(end, rendition.endTicks());
      assertNull(rendition.listing().open());
    }
    assertTrue(end > 49L * Segment.TICKS / 10, "up to the last picture");
    cameras.forEach(camera -> assertFalse(camera.stream.isWanted()));
    pass(2 * SECOND);
    assertEquals(end, segments(programme.renditions().getFirst()).getLast().endTicks());
  }

  @Test
  void theSlateEndsToo() {
    pass(5 * SECOND);
    programme.end();
    assertNull(programme.renditions().getFirst().listing().open());
    assertTrue(playlist(programme.renditions().getFirst()).endsWith("#EXT-X-ENDLIST\n"));
  }

  /// A screen on which nothing moves: most parts have no picture.
  @Test
  void picturesThatComeSlowlyBreakNoRule() {
    cameras.add(new FakeCamera("ada", TrackSource.SCREEN, 1920, 1080, 1, now));
    pass(20 * SECOND);
    Rendition rendition = programme.renditions().getFirst();
    assertTrue(rendition.endTicks() > 18L * Segment.TICKS, "up to " + rendition.endTicks());
    assertEquals(0, segments(rendition).getLast().discontinuity());
  }

  @Test
  void timesThatRunBackwardsOrJumpBreakNothing() {
    cameras.add(new FakeCamera("ada", TrackSource.CAMERA, 640, 360, 30, now));
    pass(4 * SECOND);
    // The same person with another clock, as if the encoder had been restarted.
    for (int i = 0; i < 20; i++) {
      cameras.set(0, new FakeCamera("ada", TrackSource.CAMERA, 640, 360 - i % 2 * 8, 30, now));
      pass(SECOND * (1 + i % 3));
    }
    pass(5 * SECOND);
    assertTrue(segments(programme.renditions().getFirst()).getLast().endTicks() > 0);
  }

  /// The same stream, whose clock does what no clock does.
  @Test
  void aClockThatJumpsOrRunsBackwardsLeavesNoHole() {
    cameras.add(new FakeCamera("ada", TrackSource.CAMERA, 640, 360, 30, now));
    pass(5 * SECOND);
    int hour = 3_600 * Segment.TICKS;
    for (int ticks : new int[] {hour, -hour, 1 << 30, -(1 << 30), Integer.MIN_VALUE, -1, 45_000}) {
      cameras.getFirst().jump(ticks);
      pass(5 * SECOND);
    }
    List<Segment> listed = segments(programme.renditions().getFirst());
    for (int i = 1; i < listed.size(); i++) {
      assertEquals(listed.get(i - 1).endTicks(), listed.get(i).startTicks(), "no hole");
    }
    long end = listed.getLast().endTicks();
    assertTrue(Math.abs(end - 40L * Segment.TICKS) < 4L * Segment.TICKS, "it ends at " + end);
  }

  /// What was captured 70 ms before it came has its place 30 ms after it came.
  @Test
  void aPictureGoesToItsPlaceByItsPublishersSenderReports() {
    now += 5 * SECOND; // the camera's clock does not pass the wrap-around
    FakeCamera camera = new FakeCamera("ada", TrackSource.CAMERA, 640, 360, 30, now);
    cameras.add(camera);
    pass(5 * SECOND);
    long front = programme.frontTicks();
    camera.report(now, 70_000_000L);
    pass(5 * SECOND);
    long later = programme.frontTicks() - front - 5L * Segment.TICKS;
    assertEquals(30 * Segment.TICKS / 1000, later, 180);
    assertEquals(0, segments(programme.renditions().getFirst()).getLast().discontinuity());
  }

  /// An hour in which everything happens that happens in rooms. After each change of a playlist a
  /// client loads it, and finds the rules kept.
  @Test
  void anHourOfChangesBreaksNoRuleOfPlaylists() {
    lossPercent = 1;
    sound = new Soundtrack(programme, SilentSound::new, new SilentSound(), BEGIN);
    List<String> names = List.of("ada", "bob", "eve");
    for (int minute = 0; minute < 60; minute++) {
      for (String name : names) {
        boolean here = cameras.stream().anyMatch(each -> is(each, name));
        if (!here && random.nextInt(2) == 0) {
          cameras.addAll(FakeCamera.simulcast(name, now));
        } else if (here && random.nextInt(8) == 0) {
          cameras.removeIf(camera -> is(camera, name));
        }
      }
      if (random.nextInt(6) == 0) {
        cameras.add(new FakeCamera("screen", TrackSource.SCREEN, 1920, 1080, 5, now));
      } else {
        cameras.removeIf(camera -> is(camera, "screen"));
      }
      for (FakeCamera camera : cameras) {
        boolean stalled = random.nextInt(10) == 0 && camera.stream.state().height() > 180;
        camera.sends = !stalled;
        camera.state(false, stalled);
        camera.obeys = random.nextInt(12) != 0;
        if (random.nextInt(10) == 0) {
          camera.resize(320 + 16 * random.nextInt(20), 184 + 16 * random.nextInt(10));
        }
      }
      for (int turn = 0; turn < 6; turn++) {
        speakers = List.of(new ParticipantId(names.get(random.nextInt(3))));
        pass((5 + random.nextInt(10)) * SECOND);
      }
      pinned = random.nextInt(5) == 0 ? new ParticipantId("eve") : null;
    }
    programme.end();
    sound.end(now);
    assertEquals(programme.endTicks(), sound.rendition().endTicks(), "both end there");
    programme.renditions().forEach(this::load);
    load(sound.rendition());
    assertEquals(3, programme.renditions().size());
    availability.values().forEach(each -> assertTrue(each.checks() > 1_000, "" + each.checks()));
    Map<Integer, Instant> heard = Objects.requireNonNull(changes.get(SOUND));
    assertTrue(heard.size() > 60, "of " + heard);
    for (Rendition rendition : programme.renditions()) {
      Map<Integer, Instant> seen = Objects.requireNonNull(changes.get(rendition.index()));
      seen.forEach(
          (number, date) -> {
            Instant its = heard.getOrDefault(number, date);
            long apart = Math.abs(Duration.between(its, date).toMillis());
            assertTrue(apart <= 1, "discontinuity %d of %s".formatted(number, rendition.index()));
          });
    }
    assertTrue(segments(programme.renditions().getFirst()).getLast().discontinuity() > 60);
  }

  private static boolean is(FakeCamera camera, String name) {
    return camera.stream.publisher().value().equals(name);
  }

  private void pass(long nanos) {
    for (long passed = 0; passed < nanos; passed += STEP) {
      now += STEP;
      for (FakeCamera camera : cameras) {
        camera.pass(
            now,
            (packet, _) -> {
              if (random.nextInt(1000) >= lossPercent) {
                programme.onPacket(packet, now);
              }
            });
      }
      List<TappedStream> streams = cameras.stream().map(camera -> camera.stream).toList();
      programme.onTimeout(streams, speakers, pinned, now);
      if (programme.takeChanged()) {
        programme.renditions().forEach(this::load);
      }
      if (sound != null) {
        long before = sound.rendition().changes();
        sound.onTimeout(streams, speakers, now);
        if (sound.rendition().changes() != before) {
          load(sound.rendition());
        }
      }
    }
  }

  private void load(Rendition rendition) {
    PlaylistRules its = rules.computeIfAbsent(rendition.index(), _ -> new PlaylistRules());
    PlaylistRules.Item before = null;
    Map<Integer, Instant> dates = changes.computeIfAbsent(rendition.index(), _ -> new HashMap<>());
    List<PlaylistRules.Item> items = its.load(playlist(rendition));
    Set<Long> served = new HashSet<>();
    rendition.served().forEach(entry -> served.add(entry.number()));
    availability
        .computeIfAbsent(rendition.index(), _ -> new Availability())
        .check(items, served::contains, now);
    checkIndependence(rendition);
    for (PlaylistRules.Item item : items) {
      if (before != null && before.discontinuity() != item.discontinuity()) {
        dates.putIfAbsent(item.discontinuity(), item.date());
      }
      before = item;
    }
    if (++loads % 10 == 0) {
      its.loadDelta(media(rendition, true));
    }
  }

  /// RFC 8216bis §4.4.4.9: what is said to be independent begins with a key frame, and what begins
  /// with one is said to.
  private static void checkIndependence(Rendition rendition) {
    Rendition.Open open = rendition.listing().open();
    if (open != null) {
      Part latest = open.parts().getLast();
      checkIndependence(latest.bytes(), latest.independent());
    }
    if (!rendition.listed().isEmpty()) {
      Segment latest = rendition.listed().getLast().segment();
      checkIndependence(latest.bytes(), latest.independent());
    }
  }

  /// As its first sample's flags say (ISO/IEC 14496-12 §8.8.3.1), which lie behind moof, mfhd,
  /// traf, tfhd, tfdt, and the duration and size in trun. A fragment without samples has no trun.
  private static void checkIndependence(byte[] fragments, boolean independent) {
    ByteBuffer bytes = ByteBuffer.wrap(fragments);
    int moof = 0;
    while (bytes.getInt(moof + 4) != 0x6D6F_6F66) {
      moof += bytes.getInt(moof);
    }
    if (bytes.getInt(moof + 72) == 0x7472_756E) {
      boolean isKeyFrame = (bytes.getInt(moof + 96) & 0x0001_0000) == 0;
      assertEquals(isKeyFrame, independent);
    }
  }

  private String playlist(Rendition rendition) {
    return media(rendition, false);
  }

  private String media(Rendition rendition, boolean delta) {
    return Playlists.media(rendition.listing(), ZERO, List.of(), programme.isEnded(), delta);
  }

  private static List<Segment> segments(Rendition rendition) {
    return rendition.listed().stream().map(Rendition.Entry::segment).toList();
  }

  /// Nobody says anything.
  private static final class SilentSound implements SoundDecoder, SoundEncoder {
    @Override
    public int decode(byte @Nullable [] packet, float[] samples, int most) {
      return 0;
    }

    @Override
    public byte[] encode(float[] samples) {
      return new byte[] {1};
    }

    @Override
    public void close() {}
  }
}
