package org.plenum.bench.badcall;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.plenum.bench.browser.Watched;
import org.plenum.bench.browser.WatchingPage;

/// One call over the link emulator: a publisher beside the server, viewers behind the link. Run by
/// `bench/badcall`, which starts server and link; needs root for the namespaces.
public final class BadCall {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String ORIGIN = "http://10.77.0.2:8080";
  private static final String FAR_ADDRESS = "10.77.0.1";
  private static final int FRAMES_PER_SECOND = 20;
  private static final int TOP_HEIGHT = 720;
  private static final List<String> FLAGS =
      List.of(
          "--no-sandbox",
          "--disable-gpu",
          "--disable-dev-shm-usage",
          "--disable-background-networking",
          "--disable-features=WebRtcHideLocalIpsWithMdns",
          "--autoplay-policy=no-user-gesture-required",
          "--unsafely-treat-insecure-origin-as-secure=" + ORIGIN,
          "--use-fake-ui-for-media-stream",
          "--use-fake-device-for-media-stream=fps=" + FRAMES_PER_SECOND);

  private final Browser near;
  private final Browser far;
  private final Badnet badnet;
  private final LinkLog link;
  private final String room;
  private final Path namespaces;
  private final ObjectNode result = JSON.createObjectNode();

  private BadCall(
      Browser near, Browser far, Badnet badnet, LinkLog link, String room, Path namespaces) {
    this.near = near;
    this.far = far;
    this.badnet = badnet;
    this.link = link;
    this.room = room;
    this.namespaces = namespaces;
  }

  /// @param args the scenario; a browser's program for the server's side and one for the viewers',
  ///     each within its namespace; the emulator's control socket; a directory with programs that
  ///     run others within the namespaces ([BulkTransfer]); where the result goes
  public static void main(String[] args) throws IOException, InterruptedException {
    var environment = Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    try (Playwright playwright =
            Playwright.create(new Playwright.CreateOptions().setEnv(environment));
        Browser near = launch(playwright, args[1]);
        Browser far = launch(playwright, args[2]);
        Badnet badnet = new Badnet(Path.of(args[3]));
        Badnet watched = new Badnet(Path.of(args[3]));
        LinkLog link = new LinkLog(watched)) {
      var call =
          new BadCall(
              near,
              far,
              badnet,
              link,
              args[0] + "-" + ProcessHandle.current().pid(),
              Path.of(args[4]));
      call.run(args[0]);
      Files.writeString(Path.of(args[5]), call.result.toPrettyString() + "\n");
    }
  }

  private static Browser launch(Playwright playwright, String program) {
    return playwright
        .chromium()
        .launch(new BrowserType.LaunchOptions().setExecutablePath(Path.of(program)).setArgs(FLAGS));
  }

  private void run(String scenario) throws IOException, InterruptedException {
    result.put("scenario", scenario);
    switch (scenario) {
      case "drop" -> drop();
      case "join" -> join("down rate=1000 queue=300 delay=20", "up delay=20", 35);
      case "loss" -> join("down rate=10000 queue=300 delay=20 loss=5", "up delay=20 loss=5", 35);
      case "clean-loss-free" -> join("down rate=10000 queue=300 delay=20", "up delay=20", 35);
      case "far" ->
          join("down rate=10000 queue=300 delay=100 jitter=15", "up delay=100 jitter=15", 35);
      case "clean" -> join("down rate=10000 queue=300 delay=20", "up delay=20", 15);
      case "shared" -> shared();
      case "tcp" -> besideTcp();
      case "one-narrow" -> oneNarrow();
      default -> throw new IllegalArgumentException("no scenario is called " + scenario);
    }
  }

  /// 3000 kb/s, then 500 for 20 s, then 3000 again for 25 s.
  private void drop() throws IOException, InterruptedException {
    link("down clear rate=3000 queue=300 delay=20", "up clear delay=20");
    publish();
    Page viewer = view(far);
    rest(15);
    double dropped = now(viewer);
    long droppedNanos = System.nanoTime();
    badnet.tell("down rate=500");
    rest(20);
    double back = now(viewer);
    long backNanos = System.nanoTime();
    badnet.tell("down rate=3000");
    rest(25);
    double end = now(viewer);
    Watched watched = watched(viewer);
    result.put("frozenSeconds", watched.frozenSeconds(dropped, back, 50));
    result.put("longestGapSeconds", watched.longestGapSeconds(dropped, back));
    List<LinkLog.Reading> narrow = link.between(droppedNanos, backNanos);
    double queueUntil =
        narrow.stream()
            .filter(reading -> reading.queueMillis() > 100)
            .mapToDouble(reading -> (reading.nanos() - droppedNanos) / 1e9)
            .max()
            .orElse(0);
    result.put("queueAbove100MillisUntilSeconds", queueUntil);
    result.put("droppedByQueue", narrow.getLast().dropped() - narrow.getFirst().dropped());
    result.put("linkUsed", used(droppedNanos + 3_000_000_000L, backNanos, 500_000));
    result.put("frozenAfterSeconds", watched.frozenSeconds(back, end, 50));
    result.put("topHeldAfterSeconds", watched.heldSeconds(TOP_HEIGHT, back));
    result.set("frames", JSON.valueToTree(watched.frames()));
    result.put("droppedAt", dropped);
    result.put("backAt", back);
  }

  private double used(long fromNanos, long toNanos, long rateBps) {
    List<LinkLog.Reading> readings = link.between(fromNanos, toNanos);
    double seconds = (readings.getLast().nanos() - readings.getFirst().nanos()) / 1e9;
    long bytes = readings.getLast().bytesOut() - readings.getFirst().bytesOut();
    return bytes * 8 / seconds / rateBps;
  }

  private void join(String down, String up, int seconds) throws IOException, InterruptedException {
    link(down.replace("down ", "down clear "), up.replace("up ", "up clear "));
    publish();
    rest(5);
    badnet.tell("reset");
    Page viewer = view(far);
    rest(seconds);
    double end = now(viewer);
    Watched watched = watched(viewer);
    double begun = watched.joinedMillis() + 1000 * watched.firstFrameSeconds();
    result.put("firstFrameSeconds", watched.firstFrameSeconds());
    result.put("frozenSeconds", watched.frozenSeconds(begun, end, 50));
    result.put("longestGapSeconds", watched.longestGapSeconds(begun, end));
    result.put("framesPerSecond", watched.rate(Math.max(begun, end - 20_000), end));
    result.put("topReachedSeconds", watched.reachedSeconds(TOP_HEIGHT, watched.joinedMillis()));
    result.put("topHeldSeconds", watched.heldSeconds(TOP_HEIGHT, watched.joinedMillis()));
    result.put("bytesDown", badnet.tell("stats").path("down").path("bytes_in").asLong());
    result.set("frames", JSON.valueToTree(watched.frames()));
  }

  /// Two viewers behind one link of 3 Mb/s.
  private void shared() throws IOException, InterruptedException {
    link("down clear rate=3000 queue=300 delay=20", "up clear delay=20");
    publish();
    rest(5);
    Page first = view(far);
    rest(10);
    Page second = view(far);
    rest(10);
    long before = bytes(first);
    long beforeSecond = bytes(second);
    double begun = now(first);
    double begunSecond = now(second);
    rest(30);
    double one = bytes(first) - before;
    double two = bytes(second) - beforeSecond;
    result.put("share", one / (one + two));
    Watched watched = watched(first);
    Watched other = watched(second);
    result.put("frozenSeconds", watched.frozenSeconds(begun, now(first), 50));
    result.put("frozenSecondsOfTheOther", other.frozenSeconds(begunSecond, now(second), 50));
  }

  /// A viewer beside one TCP (CUBIC) that has no end, behind one link of 3 Mb/s.
  private void besideTcp() throws IOException, InterruptedException {
    link("down clear rate=3000 queue=300 delay=20", "up clear delay=20");
    publish();
    rest(5);
    Page viewer = view(far);
    rest(10);
    long aloneBytes = bytes(viewer);
    double alone = now(viewer);
    rest(5);
    result.put("kilobitsPerSecondAlone", (bytes(viewer) - aloneBytes) * 8 / (now(viewer) - alone));
    try (BulkTransfer transfer = new BulkTransfer(namespaces, FAR_ADDRESS)) {
      rest(10);
      long beforeBytes = bytes(viewer);
      long beforeNanos = System.nanoTime();
      double begun = now(viewer);
      rest(30);
      double ours = bytes(viewer) - beforeBytes;
      double theirs = transfer.receivedBytes(beforeNanos, System.nanoTime());
      double end = now(viewer);
      Watched watched = watched(viewer);
      result.put("share", ours / (ours + theirs));
      result.put("frozenSeconds", watched.frozenSeconds(begun, end, 50));
      result.put("framesPerSecond", watched.rate(begun, end));
      result.put("kilobitsPerSecond", ours * 8 / 1000 / ((end - begun) / 1000));
      result.put("kilobitsPerSecondOfTheTcp", theirs * 8 / 1000 / ((end - begun) / 1000));
      result.set("frames", JSON.valueToTree(watched.frames()));
    }
  }

  /// Four viewers, one of them behind 300 kb/s, the others beside the server.
  private void oneNarrow() throws IOException, InterruptedException {
    link("down clear rate=300 queue=300 delay=20", "up clear delay=20");
    publish();
    rest(5);
    List<Page> others = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      others.add(view(near));
    }
    Page narrow = view(far);
    rest(10);
    double begun = now(narrow);
    List<Double> starts = others.stream().map(BadCall::now).toList();
    rest(30);
    result.put("frozenSeconds", watched(narrow).frozenSeconds(begun, now(narrow), 50));
    double frozen = 0;
    double rate = Double.POSITIVE_INFINITY;
    int height = Integer.MAX_VALUE;
    for (int i = 0; i < others.size(); i++) {
      Page page = others.get(i);
      Watched watched = watched(page);
      double end = now(page);
      frozen = Math.max(frozen, watched.frozenSeconds(starts.get(i), end, 50));
      rate = Math.min(rate, watched.rate(starts.get(i), end));
      height = Math.min(height, watched.frames().getLast().height());
    }
    result.put("mostFrozenSecondsOfTheOthers", frozen);
    result.put("leastFramesPerSecondOfTheOthers", rate);
    result.put("leastHeightOfTheOthers", height);
  }

  private void link(String down, String up) throws IOException {
    badnet.tell(down);
    badnet.tell(up);
  }

  private void publish() {
    Page page = context(near).newPage();
    page.navigate(
        ORIGIN
            + "/?room="
            + room
            + "&autojoin=1&video=1280x720@"
            + FRAMES_PER_SECOND
            + "&name=publisher");
    page.waitForFunction("window.plenum?.state === 'connected'");
  }

  private Page view(Browser browser) throws IOException {
    return WatchingPage.open(context(browser), ORIGIN, room);
  }

  private static BrowserContext context(Browser browser) {
    return browser.newContext(
        new Browser.NewContextOptions()
            .setBypassCSP(true)
            .setPermissions(List.of("camera", "microphone")));
  }

  private static double now(Page page) {
    return WatchingPage.now(page);
  }

  private static long bytes(Page page) {
    return ((Number) page.evaluate("watching.bytes()")).longValue();
  }

  private static Watched watched(Page page) throws IOException {
    return WatchingPage.watched(page);
  }

  private static void rest(int seconds) throws InterruptedException {
    Thread.sleep(seconds * 1000L);
  }
}
