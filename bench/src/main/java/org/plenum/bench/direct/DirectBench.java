package org.plenum.bench.direct;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.plenum.bench.browser.Figures;
import org.plenum.bench.browser.Tone;
import org.plenum.bench.browser.Viewer;
import org.plenum.bench.proc.ProcessUsage;

/// Two people at the pages of a real Chromium who talk directly, and a third who comes and goes.
/// Run by `bench/direct`.
public final class DirectBench implements AutoCloseable {
  private static final Map<String, String> GOALS =
      Map.ofEntries(
          Map.entry("connect: direct after the second joined, ms", "≤ 1000"),
          Map.entry("third came: longest gap between pictures, ms", "≤ 300"),
          Map.entry("third came: longest gap in sound, ms", "0"),
          Map.entry("direct again: longest gap between pictures, ms", ""),
          Map.entry("lost: longest gap between pictures, ms", "≤ 300"),
          Map.entry("lost: longest gap in sound, ms", "0"),
          Map.entry("CPU: direct, of that through the server, %", "≤ 10"));

  private static final String SMALL = "320x180@20";
  private static final String THIRD = "160x90@10";

  /// A page is told at once, and goes on with what comes directly for 3 s at the most.
  private static final int FALLING_BACK_MILLIS = 4_000;

  private static final int SETTLED_MILLIS = 2_000;
  private static final int MEASURED_MILLIS = 15_000;
  private static final String IS_DIRECT = "plenum.isDirect([...plenum.participants.keys()][0])";

  /// Where the direct path ends here.
  private static final String PORT =
      """
      (async () => {
        const stats = await connections.findLast((each) => each.connectionState === 'connected').getStats();
        const all = [...stats.values()];
        const { selectedCandidatePairId } = all.find(({ type }) => type === 'transport');
        return String(stats.get(stats.get(selectedCandidatePairId).localCandidateId).port);
      })()""";

  private final Figures figures = new Figures(GOALS);
  private final Path out;
  private final DirectServer server;
  private final Playwright playwright;
  private final Browser browser;
  private int calls;

  private DirectBench(Path root, Path out) throws IOException, InterruptedException {
    this.out = out;
    server = new DirectServer(root, out);
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    Path tone = out.resolve("tone.wav");
    Tone.write(tone);
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(Path.of("/usr/bin/chromium"))
                    .setArgs(
                        List.of(
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-dev-shm-usage",
                            "--disable-background-networking",
                            "--disable-features=WebRtcHideLocalIpsWithMdns",
                            "--autoplay-policy=no-user-gesture-required",
                            "--use-fake-ui-for-media-stream",
                            "--use-fake-device-for-media-stream=fps=20",
                            "--use-file-for-fake-audio-capture=" + tone)));
  }

  /// @param args the repository, where results go, how many runs, how many rounds, what is sent
  ///     while the CPU is measured, and the scenarios
  public static void main(String[] args) throws Exception {
    Path out = Path.of(args[1]);
    try (var bench = new DirectBench(Path.of(args[0]), out)) {
      try {
        for (String scenario : List.of(args).subList(5, args.length)) {
          bench.run(scenario, Integer.parseInt(args[2]), Integer.parseInt(args[3]), args[4]);
        }
      } finally {
        Files.writeString(out.resolve("results.json"), bench.figures.json());
        Files.writeString(out.resolve("table.md"), bench.figures.table());
        System.out.print(bench.figures.table());
      }
    }
  }

  private void run(String scenario, int runs, int rounds, String video) throws Exception {
    switch (scenario) {
      case "connect" -> {
        for (int i = 0; i < runs; i++) {
          connect();
        }
      }
      case "company" -> company(rounds);
      case "lost" -> {
        for (int i = 0; i < runs; i++) {
          lose();
        }
      }
      case "cpu" -> cpu(runs, video);
      default -> throw new IllegalArgumentException("no scenario is called " + scenario);
    }
  }

  private Viewer join(String room, String name, String video) throws IOException {
    return new Viewer(
        browser, server.origin() + "/?autojoin=1&video=" + video + "&room=" + room, name);
  }

  private static double number(Viewer viewer, String script) {
    return ((Number) viewer.evaluate(script)).doubleValue();
  }

  private static void awaitDirect(Viewer... both) {
    for (Viewer each : both) {
      each.await(IS_DIRECT);
    }
  }

  /// From when the first was told of the second until both show what comes directly.
  private void connect() throws Exception {
    String room = "connect" + calls++;
    try (Viewer ada = join(room, "Ada", SMALL)) {
      ada.await("plenum?.state === 'connected'");
      try (Viewer grace = join(room, "Grace", SMALL)) {
        awaitDirect(ada, grace);
        double joined = number(ada, "probe.joined[0]");
        double direct = Math.max(number(ada, "probe.direct[0]"), number(grace, "probe.direct[0]"));
        figures.add("connect: direct after the second joined, ms", direct - joined);
      }
    }
  }

  /// A third person, whose page was open before, comes and goes.
  private void company(int rounds) throws Exception {
    String room = "company" + calls++;
    try (Viewer ada = join(room, "Ada", SMALL);
        Viewer grace = join(room, "Grace", SMALL);
        Viewer linus =
            new Viewer(browser, server.origin() + "/?video=" + THIRD + "&room=" + room, "Linus")) {
      awaitDirect(ada, grace);
      ada.awaitPictures(1);
      grace.awaitPictures(1);
      String enter = "join";
      for (int i = 0; i < rounds; i++) {
        Thread.sleep(SETTLED_MILLIS);
        double came = System.currentTimeMillis();
        linus.press(enter);
        ada.await("!(" + IS_DIRECT + ")");
        Thread.sleep(FALLING_BACK_MILLIS);
        double left = System.currentTimeMillis();
        note("third came", came, left, ada, grace);
        linus.press("leave");
        enter = "rejoin";
        awaitDirect(ada, grace);
        Thread.sleep(SETTLED_MILLIS);
        note("direct again", left, System.currentTimeMillis(), ada, grace);
      }
      tell(room, 0, ada, grace);
    }
  }

  /// Nothing passes between the two any more, and all to the server.
  private void lose() throws Exception {
    String room = "lost" + calls++;
    try (Viewer ada = join(room, "Ada", SMALL);
        Viewer grace = join(room, "Grace", SMALL)) {
      awaitDirect(ada, grace);
      ada.awaitPictures(1);
      grace.awaitPictures(1);
      Thread.sleep(SETTLED_MILLIS);
      String adas = (String) ada.evaluate(PORT);
      String graces = (String) grace.evaluate(PORT);
      double at = System.currentTimeMillis();
      drop("-I", adas, graces);
      try {
        Thread.sleep(FALLING_BACK_MILLIS);
        note("lost", at, System.currentTimeMillis(), ada, grace);
      } finally {
        drop("-D", adas, graces);
      }
      tell(room, at, ada, grace);
    }
  }

  /// @param what `-I` to begin with it, `-D` to end it
  private static void drop(String what, String one, String other)
      throws IOException, InterruptedException {
    for (List<String> pair : List.of(List.of(one, other), List.of(other, one))) {
      for (String program : List.of("iptables", "ip6tables")) {
        String rule = " -w %s INPUT -p udp --sport %s --dport %s -j DROP";
        String command = program + rule.formatted(what, pair.getFirst(), pair.getLast());
        int status = new ProcessBuilder(command.split(" ")).inheritIO().start().waitFor();
        if (status != 0) {
          throw new IOException(command + " ended with " + status + ": it needs root");
        }
      }
    }
  }

  /// What the two saw of each other, and heard.
  private void note(String what, double from, double to, Viewer ada, Viewer grace)
      throws IOException {
    for (Viewer.Seen seen :
        List.of(ada.seen(from, to, grace.participant()), grace.seen(from, to, ada.participant()))) {
      figures.add(what + ": longest gap between pictures, ms", seen.frozenMillis());
      figures.add(what + ": longest gap in sound, ms", seen.silentMillis());
    }
  }

  private void tell(String room, double from, Viewer ada, Viewer grace) throws IOException {
    ada.tell(out.resolve(room + "-ada.txt"), from);
    grace.tell(out.resolve(room + "-grace.txt"), from);
  }

  /// The same two, directly and by the server in turn.
  private void cpu(int runs, String video) throws Exception {
    String room = "cpu" + calls++;
    try (Viewer ada = join(room, "Ada", video);
        Viewer grace = join(room, "Grace", video)) {
      awaitDirect(ada, grace);
      for (int i = 0; i <= runs; i++) {
        ada.evaluate("plenum.allowDirect(true)");
        awaitDirect(ada, grace);
        Thread.sleep(2 * SETTLED_MILLIS);
        Used direct = used();
        ada.evaluate("plenum.allowDirect(false)");
        ada.await("!(" + IS_DIRECT + ")");
        Thread.sleep(5 * SETTLED_MILLIS); // until the estimate has grown
        Used through = used();
        if (i > 0) { // the first has the JVM's compiler in it
          note("worker", direct.worker(), through.worker());
          note("process", direct.process(), through.process());
        }
      }
    }
  }

  private void note(String what, double direct, double through) {
    figures.add("CPU of the " + what + ": direct, % of a core", direct);
    figures.add("CPU of the " + what + ": through the server, % of a core", through);
    figures.add(
        "CPU of the " + what + ": direct, of that through the server, %", 100 * direct / through);
  }

  /// What the server uses for a while from now on, in % of a core.
  ///
  /// @param process with the JVM's own work and the signaling's
  /// @param worker the threads that forward media
  private record Used(double process, double worker) {}

  private Used used() throws IOException, InterruptedException {
    ProcessUsage before = server.usage();
    long begun = System.nanoTime();
    Thread.sleep(MEASURED_MILLIS);
    ProcessUsage after = server.usage();
    double one = (System.nanoTime() - begun) / 100.0;
    return new Used(
        (after.cpuNanos() - before.cpuNanos()) / one,
        (after.threadNanos() - before.threadNanos()) / one);
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
    server.close();
  }
}
