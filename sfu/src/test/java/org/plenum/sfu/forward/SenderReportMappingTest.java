package org.plenum.sfu.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.rtp.NtpTime;

class SenderReportMappingTest {
  private static final long MILLI = 1_000_000;

  /// Our wall clock runs this far from the monotonic one, the publishers' each by another error.
  private static final long EPOCH_NANOS = 1_790_000_000L * 1_000 * MILLI;

  /// A participant: microphone and camera with clocks of their own under one NTP clock.
  private static final class Person {
    final TestPublisher audio;
    final TestPublisher video;
    final PublisherClock clock = new PublisherClock();
    final long ntpErrorNanos;

    Person(String name, long ntpErrorNanos) {
      this.audio = TestPublisher.microphone(name + "-a");
      this.video = TestPublisher.camera(name + "-v");
      this.ntpErrorNanos = ntpErrorNanos;
    }

    /// A sender report made now that arrives later.
    void report(TestPublisher track, long nowNanos, long delayNanos) {
      long ntp = NtpTime.fromEpochNanos(EPOCH_NANOS + ntpErrorNanos + nowNanos);
      long arrival = nowNanos + delayNanos;
      track.layer().stream().onSenderReport(ntp, track.timestamp(nowNanos), arrival);
      clock.onSenderReport(ntp, NtpTime.fromEpochNanos(EPOCH_NANOS + arrival), arrival);
    }
  }

  private final Random random = new Random(5);
  private final Person first = new Person("f", -20_000 * MILLI);
  private final Person second = new Person("s", 3_600_000 * MILLI);
  private final TestViewer audio = new TestViewer(MediaKind.AUDIO);
  private final TestViewer video = new TestViewer(MediaKind.VIDEO);

  @AfterEach
  void end() {
    for (Person person : new Person[] {first, second}) {
      person.audio.track.end();
      person.video.track.end();
    }
  }

  private void show(Person person, long fromMillis, long untilMillis) {
    audio.slot.bind(person.audio.track);
    video.slot.bind(person.video.track);
    for (long millis = fromMillis; millis < untilMillis; millis += 20) {
      long now = millis * MILLI;
      person.audio.sendFrame(false, 1, now);
      person.video.sendFrame(millis == fromMillis, 1, now);
      audio.flush(now);
      video.flush(now + 3 * MILLI);
    }
  }

  /// When, by the slot's report, the moment a frame was taken at was: nanoseconds since 1970.
  private static long takenNanos(
      Person person, TestPublisher track, TestViewer viewer, long takenAtNanos, long nowNanos) {
    int rate = viewer.slot.numbers().clockRate();
    Splice splice = viewer.slot.numbers().newest();
    assertNotNull(splice);
    var stream = track.layer().stream();
    long ntp = SenderReportMapping.ntp(stream, person.clock, nowNanos);
    int rtp = SenderReportMapping.timestamp(stream, splice, rate, nowNanos);
    int sent = splice.timestamp(track.timestamp(takenAtNanos));
    return NtpTime.toEpochNanos(ntp) + (sent - rtp) * 1_000_000_000L / rate;
  }

  private void assertInSync(Person person, long takenMillis, long nowMillis) {
    long taken = takenMillis * MILLI;
    long now = nowMillis * MILLI;
    long sound = takenNanos(person, person.audio, audio, taken, now);
    long picture = takenNanos(person, person.video, video, taken, now + 500_000);
    assertEquals(sound, picture, MILLI, "lips in sync");
    long ours = EPOCH_NANOS + taken;
    assertTrue(sound - ours >= -MILLI && sound - ours < 10 * MILLI, "by our clock");
  }

  @Test
  void lipsStayInSyncOverRebindings() {
    for (int i = 0; i < 20; i++) {
      Person person = i % 2 == 0 ? first : second;
      long start = 2_000L * i;
      show(person, start, start + 1_000);
      for (int k = 0; k < 8; k++) {
        long delay = (5 + random.nextInt(80)) * MILLI;
        person.report(k % 2 == 0 ? person.audio : person.video, (start + 100 * k) * MILLI, delay);
      }
      person.report(person.audio, (start + 900) * MILLI, 5 * MILLI);
      person.report(person.video, (start + 950) * MILLI, 70 * MILLI);
      assertInSync(person, start + 980, start + 1_020);
      assertInSync(person, start + 980, start + 1_900);
    }
  }

  @Test
  void publisherSetBackIsFollowed() {
    var clock = new PublisherClock();
    clock.onSenderReport(1_000L << 32, 1_000L << 32, 0);
    clock.onSenderReport(1_001L << 32, (1_001L << 32) + 500, 1_000 * MILLI);
    assertEquals(7L << 32, clock.toOurs(7L << 32), "the least delay counts");
    clock.onSenderReport(500L << 32, 1_002L << 32, 2_000 * MILLI);
    assertEquals(1_002L << 32, clock.toOurs(500L << 32));
  }

  @Test
  void publisherSetForwardIsFollowed() {
    var clock = new PublisherClock();
    clock.onSenderReport(1_000L << 32, 1_000L << 32, 0);
    clock.onSenderReport(-1_000L << 32, 1_001L << 32, 1_000 * MILLI);
    assertEquals(1_001L << 32, clock.toOurs(-1_000L << 32));
  }

  @Test
  void ourMonotonicTimeOfWhatWasCapturedFollowsADriftingClock() {
    var clock = new PublisherClock();
    long drift = 0;
    for (int second = 0; second < 3_600; second++) {
      long ours = second * 1_000 * MILLI;
      drift = ours / 20_000; // 50 ppm slow
      long ntp = (5_000L << 32) + NtpTime.fromDuration(ours - drift);
      long late = random.nextInt(200) * MILLI * (second % 3);
      clock.onSenderReport(ntp, ours, ours + late);
      long captured = clock.toOurNanos(ntp);
      assertTrue(Math.abs(captured - ours) < 20 * MILLI, second + " s: " + (captured - ours));
    }
    assertTrue(drift > 170 * MILLI);
  }
}
