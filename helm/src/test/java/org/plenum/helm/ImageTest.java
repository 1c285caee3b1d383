package org.plenum.helm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.plenum.bench.browser.FirstFrame;

/// The image that scripts/image has built, run without a container engine.
@Tag("slow")
@TestMethodOrder(MethodOrderer.MethodName.class)
class ImageTest {
  private static final Path SCRIPTS = Path.of("../scripts").toAbsolutePath().normalize();
  private static final Path IMAGE = Path.of("target/plenum-image.tar").toAbsolutePath();
  private static final Path AGAIN = Path.of("target/image/again.tar").toAbsolutePath();

  @TempDir private static Path directory;

  private static Path files;

  @BeforeAll
  static void unpack() throws IOException, InterruptedException {
    assertTrue(
        Files.exists(IMAGE) && Files.exists(AGAIN),
        "scripts/image --offline --twice must be run first: it makes " + IMAGE + ", " + AGAIN);
    files = directory.resolve("root");
    Tool.Result result =
        Tool.run(
            directory, "", script("run-image"), "--unpack", IMAGE.toString(), files.toString());
    assertEquals(0, result.status(), result::output);
  }

  @AfterAll
  static void letGo() {
    // Mounts are in the namespace of the server and gone with it.
    assertFalse(Files.exists(files.resolve("proc/self")));
  }

  @Test
  void runsAsNobodyWithWhatTheChartSays() throws IOException {
    JsonNode config = json("config.json").path("config");
    assertEquals("65532:65532", config.path("User").asText());
    List<String> entrypoint = texts(config.path("Entrypoint"));
    assertEquals("/opt/java/openjdk/bin/java", entrypoint.getFirst());
    assertTrue(entrypoint.contains("-XX:AOTCache=/plenum/plenum.aot"));
    assertTrue(Files.size(files.resolve("plenum/plenum.aot")) > 1_000_000);
    assertEquals(
        Files.readString(SCRIPTS.resolve("jvm.options")),
        Files.readString(files.resolve("plenum/java.options")));
    assertFalse(Files.exists(files.resolve("bin/sh")), "a shell is of no use to anyone we like");
    for (String name : List.of("LICENSE", "NOTICE", "plenum.cdx.json")) {
      assertTrue(Files.size(files.resolve("plenum").resolve(name)) > 0, name);
    }
  }

  /// Each layer changes with one thing: base, libraries, program, options, cache.
  @Test
  void isLayeredAndTheSameWhenBuiltAgainButForTheCache() throws IOException {
    List<String> layers = layers(IMAGE);
    assertTrue(layers.size() >= 5, layers::toString);
    List<String> again = layers(AGAIN);
    assertEquals(layers.subList(0, layers.size() - 1), again.subList(0, again.size() - 1));
  }

  @Test
  void hasNoSignedJarSinceACacheTakesNoClassOfOne() throws IOException, InterruptedException {
    try (Stream<Path> all = Files.walk(files.resolve("plenum"))) {
      for (Path jar : all.filter(path -> path.toString().endsWith(".jar")).toList()) {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
          assertTrue(
              zip.stream().noneMatch(entry -> entry.getName().matches("META-INF/[^/]+\\.SF")),
              jar::toString);
        }
      }
    }
  }

  @Test
  void servesABrowserAndDrainsWhenTold() throws IOException, InterruptedException {
    int port = freePort();
    int management = freePort();
    Files.writeString(
        files.resolve("tmp/plenum.conf"),
        """
        http { host = "127.0.0.1", port = %d }
        management { host = "127.0.0.1", port = %d }
        media { port = 0, workers = 1, bind = ["127.0.0.1"], tcp.port = 0 }
        data.dir = "/data"
        """
            .formatted(port, management));
    Path log = directory.resolve("log");
    Process server = start(log);
    try (HttpClient http = HttpClient.newHttpClient()) {
      URI ready = URI.create("http://127.0.0.1:" + management + "/readyz");
      await(http, ready, server, log);
      String metrics = get(http, URI.create("http://127.0.0.1:" + management + "/metrics")).body();
      assertTrue(metrics.contains("plenum_rooms 0.0"));
      passesTheTestOfTheChart(port);
      showsAPicture("http://127.0.0.1:" + port);
      assertTrue(Files.readString(log).contains("SRTP by libcrypto"), Files.readString(log));
      assertFalse(Files.readString(log).contains("[error]"), Files.readString(log));
    } finally {
      server.destroy();
    }
    assertTrue(server.waitFor(1, TimeUnit.MINUTES), "it did not stop");
    assertEquals(0, server.exitValue(), () -> "of SIGTERM; see " + log);
    try (Stream<Path> kept = Files.list(files.resolve("data"))) {
      assertTrue(kept.findAny().isPresent(), "nothing on the volume");
    }
  }

  /// What `helm test` runs in the cluster, against this server.
  private static void passesTheTestOfTheChart(int port) throws IOException, InterruptedException {
    Container test =
        Chart.manifests("auth: {open: true}").the(Pod.class).getSpec().getContainers().getFirst();
    List<String> command = new ArrayList<>();
    command.addAll(List.of(script("run-image"), "--exec", files.toString()));
    command.addAll(test.getCommand());
    command.addAll(test.getArgs());
    command.replaceAll(each -> each.startsWith("--url=") ? "--url=http://127.0.0.1:" + port : each);
    Tool.Result result = Tool.run(directory, "", command.toArray(String[]::new));
    assertEquals(0, result.status(), result::output);
  }

  /// Two pages of Chromium join, and the second decodes a frame of the first.
  private static void showsAPicture(String url) throws IOException {
    Path times = directory.resolve("first-frame.json");
    FirstFrame.main(new String[] {url, "1", times.toString()});
    double millis =
        new ObjectMapper().readTree(times.toFile()).path(0).path("firstFrame").asDouble();
    assertTrue(millis > 0, () -> read(times));
  }

  private static Process start(Path log) throws IOException {
    return new ProcessBuilder(
            script("run-image"),
            files.toString(),
            "-XX:AOTCache=/plenum/plenum.aot",
            "-XX:AOTMode=on",
            "--",
            "--config",
            "/tmp/plenum.conf")
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  private static void await(HttpClient http, URI ready, Process server, Path log)
      throws IOException, InterruptedException {
    for (int i = 0; i < 6000; i++) {
      if (!server.isAlive()) {
        throw new AssertionError("it ended: " + Files.readString(log));
      }
      try {
        if (get(http, ready).statusCode() == 200) {
          return;
        }
      } catch (IOException e) {
        // Not listening yet.
      }
      Thread.sleep(10);
    }
    throw new AssertionError("it did not get ready: " + Files.readString(log));
  }

  private static HttpResponse<String> get(HttpClient http, URI uri)
      throws IOException, InterruptedException {
    return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> layers(Path tar) throws IOException {
    return texts(json(tar, "manifest.json").path(0).path("Layers"));
  }

  private static JsonNode json(String name) throws IOException {
    return json(IMAGE, name);
  }

  private static JsonNode json(Path tar, String name) throws IOException {
    try {
      Tool.Result result = Tool.run(directory, "", "tar", "-xOf", tar.toString(), name);
      return new ObjectMapper().readTree(result.output());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }

  private static String script(String name) {
    return SCRIPTS.resolve(name).toString();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
