package org.plenum.broadcast.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.plenum.broadcast.hls.Init;
import org.plenum.broadcast.hls.Part;
import org.plenum.broadcast.hls.Rendition;
import org.plenum.broadcast.hls.Segment;
import org.plenum.broadcast.live.LiveRequest.Verdict;

class BlockedRequestsTest {
  private static final String PLAYLIST = "id/v0/index.m3u8";
  private static final Init PICTURE = new Init("avc1.42c01f", 320, 180, new byte[] {1});

  /// Near the wrap-around of the clock.
  private static final long NOW = Long.MAX_VALUE - 1_000_000_000L;

  private record Answer(Verdict verdict, @Nullable LiveFile file) {
    String text() {
      assertEquals(Verdict.FOUND, verdict);
      assertNotNull(file);
      return new String(file.bytes(), StandardCharsets.UTF_8);
    }
  }

  private final Rendition rendition = new Rendition(0);
  private final BlockedRequests requests = new BlockedRequests();
  private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();

  @Test
  void aReloadIsAnsweredWhenThePartIsThere() throws Exception {
    segments(3);
    ask(3L, 0);
    assertNull(answers.poll());
    part();
    assertTrue(next().text().contains("\"3.0.m4s\",INDEPENDENT=YES"));
    ask(3L, 0);
    next().text();
    ask(3L, null);
    part();
    assertNull(answers.poll(20, TimeUnit.MILLISECONDS), "the segment is not complete");
    segment();
    assertTrue(next().text().contains("\n3.m4s\n"));
  }

  /// RFC 8216bis §6.2.5.2: what comes after the last part is the first of the next segment.
  @Test
  void anIndexAfterTheLastPartIsThatOfTheNextSegment() throws Exception {
    segments(3);
    part();
    part();
    segment();
    ask(3L, 2);
    assertNull(answers.poll());
    part();
    assertTrue(next().text().contains("\"4.0.m4s\""));
  }

  @Test
  void aPartThatIsExpectedIsWaitedFor() throws Exception {
    segments(3);
    part();
    ask("id/v0/3.1.m4s");
    assertNull(answers.poll());
    part();
    assertEquals("video/mp4", next().file().contentType());
    ask("id/v0/3.2.m4s");
    segment();
    assertEquals(Verdict.MISSING, next().verdict(), "its segment ended before");
    ask("id/v0/4.1.m4s");
    assertEquals(Verdict.MISSING, next().verdict(), "only the next is waited for");
    ask("id/v0/99999999999999999999.0.m4s");
    assertEquals(Verdict.MISSING, next().verdict());
  }

  @ParameterizedTest
  @CsvSource({"5, ", "5, 0", "999999999, ", "3, 8", "4, 7", "2, 12"})
  void nobodyWaitsForWhatIsFarAhead(long number, @Nullable Integer part) throws Exception {
    segments(3);
    part();
    ask(number, part);
    assertEquals(Verdict.ABSURD, next().verdict());
  }

  /// RFC 8216bis §6.2.5.2: three seconds of parts of 0.4 s.
  @ParameterizedTest
  @CsvSource({"3, 7", "4, 6"})
  void whoGuessesHowFarALatePlaylistWouldBeWaits(long number, int part) throws Exception {
    segments(3);
    part();
    ask(number, part);
    assertNull(answers.poll());
    segment();
    part();
    segment();
    part();
    assertEquals(Verdict.FOUND, next().verdict());
  }

  @Test
  void nobodyWaitsLongerThanThreeTargetDurations() throws Exception {
    segments(3);
    ask(4L, null);
    requests.onTimeout(NOW + BlockedRequests.PATIENCE_NANOS - 1);
    assertNull(answers.poll());
    requests.onTimeout(NOW + BlockedRequests.PATIENCE_NANOS);
    assertEquals(Verdict.LATE, next().verdict());
    assertEquals(0, requests.count());
  }

  @Test
  void whoWaitsHearsOfTheEnd() throws Exception {
    segments(3);
    ask(4L, null);
    ask("id/v0/3.0.m4s");
    requests.publish(
        LiveFiles.of("id", List.of(rendition), Rendition.sound(), Instant.EPOCH, true));
    List<Verdict> verdicts = new ArrayList<>(List.of(next().verdict(), next().verdict()));
    assertTrue(verdicts.remove(Verdict.FOUND) && verdicts.remove(Verdict.MISSING));
    ask(99L, null);
    assertTrue(next().text().endsWith("#EXT-X-ENDLIST\n"));
    ask(4L, null);
    next();
    requests.publish(LiveFiles.NONE);
    ask(4L, null);
    assertEquals(Verdict.MISSING, next().verdict());
  }

  @Test
  void thousandsWaitAndNoMore() throws Exception {
    segments(3);
    for (int i = 0; i < BlockedRequests.MOST; i++) {
      ask(3L, 0);
    }
    assertEquals(BlockedRequests.MOST, requests.count());
    ask(3L, 0);
    assertEquals(Verdict.BUSY, next().verdict());
    part();
    LiveFile first = next().file();
    for (int i = 1; i < BlockedRequests.MOST; i++) {
      assertEquals(first, next().file(), "written once for all");
    }
    assertEquals(0, requests.count());
  }

  private Answer next() throws InterruptedException {
    Answer answer = answers.poll(10, TimeUnit.SECONDS);
    assertNotNull(answer);
    return answer;
  }

  private void ask(Long number, @Nullable Integer part) {
    ask(new LiveRequest(PLAYLIST, number, part, false));
  }

  private void ask(String path) {
    ask(new LiveRequest(path, null, null, false));
  }

  private void ask(LiveRequest request) {
    requests.ask(request, NOW, (verdict, file) -> answers.add(new Answer(verdict, file)));
  }

  private void segments(int count) {
    for (int i = 0; i < count; i++) {
      for (int part = 0; part < 5; part++) {
        part();
      }
      segment();
    }
  }

  private void part() {
    Rendition.Open open = rendition.listing().open();
    long start = open == null ? Math.max(0, rendition.endTicks()) : open.startTicks();
    var part = new Part(new byte[1], Rendition.PART_TICKS, open == null);
    rendition.addPart(PICTURE, start, 0, part);
    publish();
  }

  private void segment() {
    Rendition.Open open = rendition.listing().open();
    assertNotNull(open);
    long ticks = open.endTicks() - open.startTicks();
    rendition.add(new Segment(new byte[5], PICTURE, open.startTicks(), ticks, true, 0));
    publish();
  }

  private void publish() {
    requests.publish(
        LiveFiles.of("id", List.of(rendition), Rendition.sound(), Instant.EPOCH, false));
  }
}
