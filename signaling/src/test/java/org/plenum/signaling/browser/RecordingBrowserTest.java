package org.plenum.signaling.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.signaling.browser.Eventually.eventually;

import com.microsoft.playwright.Dialog;
import com.microsoft.playwright.Page;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.recording.RecordingStore;

/// Tiles are recorded in the browser, uploaded while they are, and played after the call.
@Tag("browser")
class RecordingBrowserTest {
  private static final String UPLOADED =
      "fetch('/recordings/lobby').then((r) => r.json()).then((l) => l.recordings[0]?.bytes ?? 0)";

  private static final String PLAYED =
      """
      (() => {
        const { duration, currentTime, videoWidth } = document.getElementById('player');
        return Number.isFinite(duration) && duration > 3 && currentTime > 0.2 && videoWidth > 0;
      })()""";

  private static final String SOUGHT =
      """
      new Promise((resolve) => {
        const player = document.getElementById('player');
        player.onseeked = () => resolve(Math.round(player.currentTime));
        player.currentTime = 2;
      })""";

  private static final String SIZE =
      "`${document.getElementById('player').videoWidth}x${document.getElementById('player').videoHeight}`";

  /// Whether the upper left, the upper right and the lower middle of the last picture are green.
  private static final String GREENS =
      """
      new Promise((resolve) => {
        const player = document.getElementById('player');
        player.onseeked = () => {
          const canvas = document.createElement('canvas');
          canvas.width = 1280;
          canvas.height = 720;
          const context = canvas.getContext('2d');
          context.drawImage(player, 0, 0);
          const isGreen = (x, y) => {
            const [red, green] = context.getImageData(x, y, 1, 1).data;
            return green > red + 60;
          };
          resolve(String([isGreen(60, 300), isGreen(1220, 300), isGreen(380, 640)]));
        };
        player.pause();
        player.currentTime = player.duration - 0.2;
      })""";

  /// Whether something is heard in the file: the microphones that Chromium makes up beep.
  private static final String HEARD =
      """
      fetch(document.getElementById('player').currentSrc).then((answer) => answer.arrayBuffer())
        .then((bytes) => new OfflineAudioContext(1, 1, 48_000).decodeAudioData(bytes))
        .then((sound) => sound.getChannelData(0).some((sample) => Math.abs(sample) > 0.05))""";

  private static Path data;

  @RegisterExtension static final CallExtension CALLS = new CallExtension(() -> config());

  @Test
  void aTileIsRecordedAndPlayedAfterEveryoneWasTold(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    ChromiumParticipant grace = call.join("Grace");
    ada.seesAndHears("Grace");
    record(ada);
    ada.isTold("Grace is asked whether they may be recorded.");
    assertThat(grace.page().getByTestId("consent"))
        .containsText("Ada wants to record you. May they?");
    assertThat(grace.page().getByTestId("recording")).isHidden();
    grace.press("consent-no");
    ada.isTold("Grace does not want to be recorded.");
    record(ada);
    grace.press("consent-yes");
    grace.isTold("Ada is recording");
    assertThat(grace.page().getByTestId("recording")).hasText("● Recording: Ada");
    ChromiumParticipant linus = call.join("Linus");
    assertThat(linus.page().getByTestId("recording")).hasText("● Recording: Ada");
    eventually(
        "5 s uploaded", () -> ada.evaluate(UPLOADED), bytes -> Long.parseLong(bytes) > 150_000);

    record(ada);
    ada.isTold("The recording is saved: see Recordings in the menu.");
    assertThat(grace.page().getByTestId("recording")).isHidden();

    Page page = ada.page();
    page.navigate(call.base() + "/recordings.html?room=lobby");
    playsAndSeeks(ada);
    assertEquals(List.of(), Axe.violations(page));
    Looks.take(ada, "recordings");
    page.onceDialog(Dialog::accept);
    ada.press("delete");
    assertThat(page.getByTestId("recording")).hasCount(0);
  }

  /// What carried their sound is given to the next who speaks, whom nobody has asked.
  @Test
  void theRecordingOfAVoiceEndsWhenItsPersonLeaves(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    ChromiumParticipant grace = call.enter("Grace");
    grace.page().addInitScript("localStorage.setItem('plenum.camera.on', 'false')");
    grace.page().navigate(call.address("Grace", Call.SMALL));
    ada.seesTile("Grace", "heard alone", tile -> !tile.withPicture() && !tile.soundOff());
    eventually(
        "Grace's sound",
        () -> ada.evaluate("String(plenum.streamOf([...plenum.participants.keys()][0]) !== null)"),
        "true"::equals);
    record(ada);
    grace.press("consent-yes");
    grace.isTold("Ada is recording");
    assertThat(ada.page().locator("[data-testid=tile] [data-action=record]"))
        .hasAttribute("aria-pressed", "true");

    grace.press("leave");

    ada.isTold("The recording is saved: see Recordings in the menu.");
    assertThat(ada.page().getByTestId("recording")).isHidden();
  }

  /// Nothing is lost but what was on its way.
  @Test
  void whatATabUploadedBeforeItCrashedPlaysAndSeeks(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    ChromiumParticipant grace = call.join("Grace");
    ada.seesAndHears("Grace");
    record(ada);
    grace.press("consent-yes");
    eventually(
        "5 s uploaded", () -> grace.evaluate(UPLOADED), bytes -> Long.parseLong(bytes) > 150_000);
    call.left(ada);
    // What the server does after a minute, without the minute.
    call.stopServer();
    var nanos = new AtomicLong();
    var limits = new RecordingStore.Limits(1 << 30, 1 << 30, Duration.ofDays(1));
    RecordingStore store = RecordingStore.open(data, limits, Instant::now, nanos::get);
    nanos.set(Duration.ofMinutes(2).toNanos());
    store.completeAbandoned();
    call.startServer();

    grace.page().navigate(call.base() + "/recordings.html?room=lobby");
    playsAndSeeks(grace);
  }

  /// Who agrees is seen and heard in it, who does not is there by name; who comes later is told and
  /// asked.
  @Test
  void allOfTheCallIsRecordedAsOneFileOfThoseWhoAgree(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    ChromiumParticipant grace = call.join("Grace");
    ada.seesAndHears("Grace");
    recordCall(ada);
    assertThat(grace.page().getByTestId("consent"))
        .containsText("Ada records this call. May your picture and sound be in it?");
    assertEquals(List.of(), Axe.violations(grace.page()));
    Looks.take(grace, "consent");
    grace.press("consent-no");
    ada.isTold("Grace does not want to be recorded.");
    ChromiumParticipant linus = call.join("Linus");
    assertThat(linus.page().getByTestId("recording")).hasText("● Recording: Ada");
    linus.press("consent-yes");
    ada.seesAndHears("Grace", "Linus");
    String uploaded = ada.evaluate(UPLOADED);
    eventually(
        "more of it",
        () -> ada.evaluate(UPLOADED),
        bytes -> Long.parseLong(bytes) > Long.parseLong(uploaded) + 100_000);
    recordCall(ada);
    ada.isTold("The recording is saved: see Recordings in the menu.");
    assertThat(linus.page().getByTestId("recording")).isHidden();

    ada.page().navigate(call.base() + "/recordings.html?room=lobby");
    playsAndSeeks(ada);
    assertEquals("1280x720", ada.evaluate(SIZE));
    // The fake camera is green, and what stands for Grace is grey.
    assertEquals("true", ada.evaluate(HEARD), "the mixed sound");
    eventually("Ada, Grace and Linus", () -> ada.evaluate(GREENS), "true,false,true"::equals);
    ada.screenshot("recorded-call");
  }

  /// Safari records MP4 only: so does a browser that says it can nothing else.
  @Test
  void anMp4PlaysAndSeeksAsItCame(Call call) {
    ChromiumParticipant grace = call.join("Grace");
    ChromiumParticipant ada = call.enter("Ada");
    ada.page()
        .addInitScript(
            "MediaRecorder.isTypeSupported = (type) => type.startsWith('video/mp4')"
                + " || type.startsWith('audio/mp4')");
    ada.page().navigate(call.address("Ada", Call.SMALL));
    ada.seesAndHears("Grace");
    record(ada);
    grace.press("consent-yes");
    grace.isTold("Ada is recording");
    double begun = Double.parseDouble(ada.evaluate("performance.now()"));
    eventually(
        "a recording of 5 s",
        () -> Double.parseDouble(ada.evaluate("performance.now()")),
        now -> now - begun > 5000);
    record(ada);
    ada.isTold("The recording is saved: see Recordings in the menu.");
    assertEquals(
        "video/mp4",
        ada.evaluate(
            "fetch('/recordings/lobby').then(r => r.json()).then(l => l.recordings[0].contentType)"));

    ada.page().navigate(call.base() + "/recordings.html?room=lobby");
    playsAndSeeks(ada);
  }

  /// Fragments that came whole play, whatever became of the last.
  @Test
  void anMp4ThatIsCutOffPlaysAndSeeksAsFarAsItCame(Call call) throws IOException {
    byte[] whole;
    try (InputStream in = RecordingStore.class.getResourceAsStream("fragmented.mp4")) {
      whole = in.readAllBytes();
    }
    var limits = new RecordingStore.Limits(1 << 30, 1 << 30, Duration.ofDays(1));
    call.stopServer();
    RecordingStore store = RecordingStore.open(data, limits, Instant::now, System::nanoTime);
    var room = new RoomId("cut");
    RecordingStore.Created created = store.create(room, "Ada", "video/mp4");
    var part = new ByteArrayInputStream(whole, 0, whole.length - 4_000);
    store.append(room, created.recording().id(), created.key(), 0, part, true);
    call.startServer();

    ChromiumParticipant ada = call.enter("Ada");
    ada.page().navigate(call.base() + "/recordings.html?room=cut");
    playsAndSeeks(ada);
  }

  private static void record(ChromiumParticipant participant) {
    Page page = participant.page();
    page.getByTestId("tile").first().hover();
    page.locator("[data-testid=tile] [data-action=record]").first().click();
  }

  private static void recordCall(ChromiumParticipant participant) {
    participant.press("more");
    participant.press("record-call");
  }

  private static void playsAndSeeks(ChromiumParticipant participant) {
    Page page = participant.page();
    page.locator("[data-testid=recording] .open").first().click();
    eventually("a recording that plays", () -> participant.evaluate(PLAYED), "true"::equals);
    assertEquals("2", participant.evaluate(SOUGHT));
    assertTrue(
        Boolean.parseBoolean(
            participant.evaluate("document.getElementById('player').seekable.length > 0")));
  }

  private static ServerConfig config() {
    try {
      data = Files.createTempDirectory("plenum-recordings");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ServerConfig.forTests().with(new ServerConfig.Recordings(data, 64, 30));
  }
}
