package org.plenum.helm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plenum.signaling.PlenumServer;
import org.plenum.signaling.config.ConfigFile;

/// A call whose browsers may use nothing but the relay that the chart sets up.
@Tag("browser")
class RelayBrowserTest {
  /// More than one user name had relays for: twelve, of which a browser takes two.
  private static final int PEOPLE = 7;
  private static final double PATIENCE_MILLIS = 120_000;

  private static final String RELAY_ONLY =
      """
      window.connections = [];
      const Original = window.RTCPeerConnection;
      window.RTCPeerConnection = class extends Original {
        constructor(configuration) {
          super({ ...configuration, iceTransportPolicy: 'relay' });
          window.connections.push(this);
        }
      };
      """;

  /// The kind of the local candidate that media goes by, once a frame of somebody else is decoded.
  private static final String SEEN_BY =
      """
      (async () => {
        const all = [];
        for (const connection of window.connections) {
          all.push(...(await connection.getStats()).values());
        }
        const transport = all.find(s => s.type === 'transport' && s.selectedCandidatePairId);
        const sees = all.some(s => s.type === 'inbound-rtp' && s.kind === 'video' && s.framesDecoded > 0);
        const pair = all.find(s => transport && s.id === transport.selectedCandidatePairId);
        const local = all.find(s => pair && s.id === pair.localCandidateId);
        return local && sees ? local.candidateType : `${local?.candidateType} ${sees}`;
      })()
      """;

  /// With more pages in one browser its fake camera may stop for all of them.
  private static final int PAGES_PER_BROWSER = 3;

  private static final List<String> FLAGS =
      List.of(
          "--no-sandbox",
          "--disable-dev-shm-usage",
          "--disable-background-networking",
          "--autoplay-policy=no-user-gesture-required",
          "--use-fake-device-for-media-stream");

  @TempDir private Path directory;

  @Test
  void everybodyGetsARelay() throws Exception {
    int port = freePort();
    String values =
        """
        auth: {open: true}
        coturn:
          enabled: true
          host: 127.0.0.1
          port: %d
          secret: %s
          allowedPeers: [127.0.0.1]
        """
            .formatted(port, Coturn.SECRET);
    try (var coturn =
            new Coturn(directory, values, "--relay-ip=127.0.0.1", "--allow-loopback-peers");
        var server = PlenumServer.start(ConfigFile.load(settings(port)));
        Playwright playwright =
            Playwright.create(
                new Playwright.CreateOptions()
                    .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")))) {
      List<Browser> browsers =
          IntStream.range(0, (PEOPLE + PAGES_PER_BROWSER - 1) / PAGES_PER_BROWSER)
              .mapToObj(_ -> playwright.chromium().launch(chromium()))
              .toList();
      List<Page> pages =
          IntStream.range(0, PEOPLE)
              .mapToObj(i -> join(browsers.get(i / PAGES_PER_BROWSER), server.httpPort(), i))
              .toList();
      for (Page page : pages) {
        assertEquals("relay", seen(page), coturn::log);
      }
      assertTrue(
          metrics(server).contains("plenum_signaling_turn_credentials_total " + PEOPLE + ".0"));
      assertTrue(clientsByRelay(server), () -> "no page said that it has a relay");
      pages.forEach(page -> page.context().close());
    }
  }

  private static BrowserType.LaunchOptions chromium() {
    return new BrowserType.LaunchOptions()
        .setExecutablePath(Path.of("/usr/bin/chromium"))
        .setArgs(new ArrayList<>(FLAGS));
  }

  private Path settings(int turn) throws IOException {
    return Files.writeString(
        directory.resolve("plenum.conf"),
        """
        http.port = 0
        management.port = 0
        media { port = 0, tcp.port = 0, workers = 1, bind = ["127.0.0.1"] }
        turn {
          urls = ["turn:127.0.0.1:%d?transport=udp", "turn:127.0.0.1:%d?transport=tcp"]
          secret = %s
        }
        """
            .formatted(turn, turn, Coturn.SECRET));
  }

  private static Page join(Browser browser, int port, int number) {
    BrowserContext context =
        browser.newContext(
            new Browser.NewContextOptions()
                .setBypassCSP(true)
                .setPermissions(List.of("camera", "microphone")));
    context.addInitScript(RELAY_ONLY);
    Page page = context.newPage();
    page.setDefaultTimeout(PATIENCE_MILLIS);
    page.navigate(
        "http://127.0.0.1:%d/?room=lobby&name=P%d&autojoin=1&video=160x90@5"
            .formatted(port, number));
    return page;
  }

  /// What it sees somebody by, within a bound that no healthy machine comes near.
  private static Object seen(Page page) throws InterruptedException {
    Object seen = "nothing";
    for (int i = 0; i < 600 && !"relay".equals(seen); i++) {
      seen = page.evaluate(SEEN_BY);
      Thread.sleep(200);
    }
    return seen;
  }

  /// Whether all pages come to say that a relay carries their media.
  private static boolean clientsByRelay(PlenumServer server) throws Exception {
    boolean all = false;
    for (int i = 0; i < 300 && !all; i++) {
      all = metrics(server).contains("plenum_clients{path=\"relay\"} " + PEOPLE + ".0");
      Thread.sleep(200);
    }
    return all;
  }

  private static String metrics(PlenumServer server) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + server.managementPort() + "/metrics");
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  private static int freePort() throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      return socket.getLocalPort();
    }
  }
}
