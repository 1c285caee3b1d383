package org.plenum.bench.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.plenum.bench.browser.Figures;
import org.plenum.bench.browser.Tone;
import org.plenum.bench.browser.Viewer;

/// Three nodes and a call of two people who came to different ones. Run by `bench/cluster`, which
/// makes the namespaces; needs root.
public final class ClusterBench implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  private static final Map<String, String> GOALS =
      Map.ofEntries(
          Map.entry("off: classes of the engine", "0"),
          Map.entry("on: start to ready, s", "≤ 3"),
          Map.entry("on: RSS, MiB", "≤ off + 150"),
          Map.entry("join: added by a foreign node, median ms", "≤ 10"),
          Map.entry("kill: pictures again, ms", "≤ 2000, p95 ≤ 3000"),
          Map.entry("cut: pictures again, ms", "≤ 4000, p95 ≤ 5000"),
          Map.entry("hang: pictures again, ms", "≤ 4000"),
          Map.entry("hang: owners after", "1"),
          Map.entry("cut: owners after", "1"),
          Map.entry("move: frozen picture, ms", "≤ 300"),
          Map.entry("move: longest gap in sound, ms", "≤ 200"),
          Map.entry("drain: frozen picture, ms", "≤ 300"),
          Map.entry("drain: longest gap in sound, ms", "≤ 200"));

  private static final int PATIENCE_MILLIS = 60_000;

  /// So long a call is watched after something happened to it.
  private static final int WATCHED_MILLIS = 12_000;

  private static final int JOINS = 60;

  private final List<ServerNode> nodes = new ArrayList<>();
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private final Path out;
  private final Figures figures = new Figures(GOALS);
  private int calls;

  private ClusterBench(String namespaces, Path root, Path out) throws IOException {
    this.out = out;
    for (int i = 0; i < ServerNode.COUNT; i++) {
      nodes.add(new ServerNode(namespaces, i, root, out));
    }
  }

  /// @param args what the namespaces' names begin with, the repository, where results go, how many
  ///     runs, and the scenarios
  public static void main(String[] args) throws Exception {
    Path out = Path.of(args[2]);
    try (var bench = new ClusterBench(args[0], Path.of(args[1]), out)) {
      try {
        bench.run(Integer.parseInt(args[3]), List.of(args).subList(4, args.length));
      } finally {
        Files.writeString(out.resolve("results.json"), bench.figures.json());
        Files.writeString(out.resolve("table.md"), bench.figures.table());
        System.out.print(bench.figures.table());
      }
    }
  }

  private void run(int runs, List<String> scenarios) throws Exception {
    if (scenarios.contains("start")) {
      starts(runs);
    }
    if (scenarios.stream().anyMatch(each -> !each.equals("start"))) {
      calls(runs, scenarios);
    }
  }

  private void starts(int runs) throws Exception {
    nodes.get(0).start(false, "-Xlog:class+load:file=" + out.resolve("classes.log"));
    try (Stream<String> classes = Files.lines(out.resolve("classes.log"))) {
      long ofEngine =
          classes
              .filter(line -> line.contains("org.infinispan") || line.contains("org.jgroups"))
              .count();
      figures.add("off: classes of the engine", ofEngine);
    }
    stop(nodes.get(0));
    for (int i = 0; i < runs; i++) {
      start(false, "off");
      nodes.get(1).start(true);
      nodes.get(2).start(true);
      start(true, "on");
      stop(nodes.get(1));
      stop(nodes.get(2));
    }
  }

  private void start(boolean clustered, String what) throws Exception {
    ServerNode node = nodes.get(0);
    node.start(clustered);
    figures.add(what + ": start to ready, s", node.startSeconds());
    Thread.sleep(3000);
    figures.add(what + ": RSS, MiB", node.residentMebibytes());
    stop(node);
  }

  private static void stop(ServerNode node) throws Exception {
    if (node.isAlive()) {
      node.signal("KILL");
      node.awaitExit();
    }
  }

  private void calls(int runs, List<String> scenarios) throws Exception {
    for (ServerNode node : nodes) {
      node.start(true);
    }
    awaitAll();
    var environment = Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    try (Playwright playwright =
        Playwright.create(new Playwright.CreateOptions().setEnv(environment))) {
      for (int run = 0; run < runs; run++) {
        for (String scenario : scenarios) {
          switch (scenario) {
            case "start" -> {
              // was done
            }
            case "join" -> joins();
            default -> call(playwright, scenario);
          }
        }
      }
    }
  }

  private Browser launch(Playwright playwright) throws IOException {
    Path tone = out.resolve("tone.wav");
    if (!Files.exists(tone)) {
      Tone.write(tone);
    }
    String origins =
        String.join(
            ",", IntStream.range(0, ServerNode.COUNT).mapToObj(ServerNode::origin).toList());
    return playwright
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
                        "--unsafely-treat-insecure-origin-as-secure=" + origins,
                        "--use-fake-ui-for-media-stream",
                        "--use-fake-device-for-media-stream=fps=20",
                        "--use-file-for-fake-audio-capture=" + tone)));
  }

  private void call(Playwright playwright, String scenario) throws Exception {
    awaitAll();
    String room = scenario + calls++;
    try (Browser browser = launch(playwright);
        Viewer ada = new Viewer(browser, nodes.get(0).origin(), room, "Ada");
        Viewer grace = new Viewer(browser, nodes.get(1).origin(), room, "Grace")) {
      ada.awaitPictures(1);
      grace.awaitPictures(1);
      Thread.sleep(2000);
      String before = ada.participant() + " " + grace.participant();
      ServerNode owner = owner(room);
      double at = System.currentTimeMillis();
      switch (scenario) {
        case "kill" -> owner.signal("KILL");
        case "cut" -> owner.cable(false);
        case "hang" -> owner.signal("STOP");
        case "move" -> post(owner, "/rooms/" + room + "/move");
        case "drain" -> owner.signal("TERM");
        default -> throw new IllegalArgumentException("no scenario is called " + scenario);
      }
      Thread.sleep(WATCHED_MILLIS);
      double until = at + WATCHED_MILLIS;
      note(scenario, ada.seen(at, until));
      note(scenario, grace.seen(at, until));
      ada.tell(out.resolve(room + "-ada.txt"), at);
      grace.tell(out.resolve(room + "-grace.txt"), at);
      figures.add(
          scenario + ": people who are another",
          before.equals(ada.participant() + " " + grace.participant()) ? 0 : 1);
      figures.add(scenario + ": told that somebody left", ada.left() + (double) grace.left());
      mend(scenario, owner, room, ada, grace);
    }
  }

  private void note(String scenario, Viewer.Seen seen) {
    boolean isPlanned = scenario.equals("move") || scenario.equals("drain");
    if (isPlanned) {
      figures.add(scenario + ": frozen picture, ms", seen.frozenMillis());
    } else {
      figures.add(scenario + ": pictures again, ms", seen.backMillis());
    }
    figures.add(scenario + ": longest gap in sound, ms", seen.silentMillis());
  }

  /// The node is as before; the call must not notice.
  private void mend(String scenario, ServerNode owner, String room, Viewer ada, Viewer grace)
      throws Exception {
    double at = System.currentTimeMillis();
    switch (scenario) {
      case "hang" -> owner.signal("CONT");
      case "cut" -> owner.cable(true);
      case "move" -> {
        return;
      }
      default -> {
        owner.awaitExit();
        owner.start(true);
      }
    }
    awaitAll();
    Thread.sleep(3000);
    double until = System.currentTimeMillis();
    figures.add(scenario + ": owners after", ownersOf(room));
    double frozen =
        Math.max(ada.seen(at, until).frozenMillis(), grace.seen(at, until).frozenMillis());
    figures.add(scenario + ": frozen when it was back, ms", frozen);
  }

  /// From `hello` to `welcome`, at the room's node and at another.
  private void joins() throws Exception {
    awaitAll();
    String room = "join" + calls++;
    try (var first = new Joining(http, nodes.get(0).origin(), room)) {
      first.join();
      ServerNode owner = owner(room);
      ServerNode other = nodes.stream().filter(each -> each != owner).findFirst().orElseThrow();
      List<Double> here = new ArrayList<>();
      List<Double> there = new ArrayList<>();
      for (int i = 0; i < JOINS; i++) {
        for (ServerNode node : List.of(owner, other)) {
          try (var joining = new Joining(http, node.origin(), room)) {
            double millis = joining.join();
            if (i >= JOINS / 3) { // after the warm-up
              (node == owner ? here : there).add(millis);
            }
          }
        }
      }
      figures.add("join: at the room's node, median ms", Figures.percentile(here, 50));
      figures.add(
          "join: added by a foreign node, median ms",
          Figures.percentile(there, 50) - Figures.percentile(here, 50));
    }
  }

  /// Until each node sees all.
  private void awaitAll() throws Exception {
    long until = System.currentTimeMillis() + PATIENCE_MILLIS;
    for (ServerNode node : nodes) {
      while (get(node, "/nodes").path("nodes").size() < nodes.size()) {
        if (System.currentTimeMillis() > until) {
          throw new IOException(node.name() + " does not see the others");
        }
        Thread.sleep(200);
      }
    }
  }

  private ServerNode owner(String room) throws Exception {
    String name = owning(nodes.get(0), room);
    return nodes.stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
  }

  /// How many nodes are the owner, as the nodes see it.
  private long ownersOf(String room) throws Exception {
    List<String> owners = new ArrayList<>();
    for (ServerNode node : nodes) {
      owners.add(owning(node, room));
    }
    return owners.stream().distinct().count();
  }

  private static String owning(ServerNode node, String room) throws Exception {
    return get(node, "/rooms/" + room).path("node").asText("none");
  }

  private static JsonNode get(ServerNode node, String path) throws Exception {
    String answer = node.api("GET", path);
    return answer.isEmpty() ? JSON.missingNode() : JSON.readTree(answer); // it is not there yet
  }

  private static void post(ServerNode node, String path) throws Exception {
    String answer = node.api("POST", path);
    if (!answer.contains("\"node\"")) {
      throw new IOException(path + ": " + answer);
    }
  }

  @Override
  public void close() {
    nodes.forEach(ServerNode::end);
    http.shutdownNow();
  }
}
