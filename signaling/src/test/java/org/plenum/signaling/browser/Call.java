package org.plenum.signaling.browser;

import com.microsoft.playwright.Browser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.plenum.signaling.PlenumServer;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.config.ServerConfig.Listener;

/// One room on a server in this JVM, with the people in it.
final class Call implements AutoCloseable {
  static final String SMALL = "320x180@10";
  static final String TINY = "160x90@5";

  /// With more pages in one browser its fake camera may stop for all of them.
  private static final int PAGES_PER_BROWSER = 3;

  private static final List<String> PERMISSIONS = List.of("camera", "microphone");

  private final Browser chromium;
  private final ServerConfig config;
  private final List<ChromiumParticipant> participants = new ArrayList<>();
  private final List<Chromium> more = new ArrayList<>();
  private PlenumServer server;

  Call(Browser chromium, ServerConfig config) {
    this.chromium = chromium;
    ServerConfig fixed = config.with(config.media().withPort(freeUdpPort()));
    server = PlenumServer.start(fixed);
    this.config = withHttpPorts(fixed, server);
  }

  /// Opens a page of the room and joins at once.
  ChromiumParticipant join(String name) {
    return join(name, SMALL);
  }

  ChromiumParticipant join(String name, String video) {
    ChromiumParticipant participant = enter(name);
    participant.page().navigate(address(name, video));
    return participant;
  }

  /// Somebody with a browser, who has not opened the page.
  ChromiumParticipant enter(String name) {
    return enter(name, PERMISSIONS);
  }

  /// Somebody whose pages may use only what is listed.
  ChromiumParticipant enter(String name, List<String> permissions) {
    return enter(name, browser(), permissions);
  }

  /// Somebody with a browser of their own; they must be [#left] before it is closed.
  ChromiumParticipant enter(String name, Browser browser) {
    return enter(name, browser, PERMISSIONS);
  }

  private Browser browser() {
    int place = participants.size() / PAGES_PER_BROWSER;
    if (place == 0) {
      return chromium;
    }
    while (more.size() < place) {
      more.add(Chromium.launch());
    }
    return more.get(place - 1).browser();
  }

  private ChromiumParticipant enter(String name, Browser browser, List<String> permissions) {
    Browser.NewContextOptions options =
        new Browser.NewContextOptions()
            .setViewportSize(1280, 720)
            .setPermissions(permissions)
            // As a person clicks the warning away: proxies of these tests have nobody's
            // certificate.
            .setIgnoreHTTPSErrors(true);
    ChromiumParticipant participant = new ChromiumParticipant(name, browser.newContext(options));
    participants.add(participant);
    return participant;
  }

  void left(ChromiumParticipant participant) {
    participants.remove(participant);
    participant.close();
  }

  List<ChromiumParticipant> participants() {
    return participants;
  }

  String address(String name, String video) {
    return base() + "/?room=lobby&name=" + name + "&autojoin=1&video=" + video;
  }

  int port() {
    return server.httpPort();
  }

  /// Where media is received and sent.
  int mediaPort() {
    return config.media().port();
  }

  /// The server's address, without a slash at the end.
  String base() {
    return (config.web().tls() ? "https" : "http")
        + "://"
        + config.http().host()
        + ":"
        + server.httpPort();
  }

  /// What the server has counted so far, without what is still 0.
  String counted() {
    URI metrics = URI.create("http://127.0.0.1:" + server.managementPort() + "/metrics");
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString())
          .body()
          .lines()
          .filter(line -> line.startsWith("plenum_") && !line.endsWith(" 0.0"))
          .filter(line -> !line.contains("_bucket{"))
          .collect(Collectors.joining("\n"));
    } catch (IOException e) {
      return "no metrics: " + e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "no metrics: " + e;
    }
  }

  void stopServer() {
    QuietConsole.connectionsAreLost();
    server.close();
  }

  /// On the ports it had.
  void startServer() {
    server = PlenumServer.start(config);
  }

  /// Waits until everything is told that the pages have said so far.
  void hearOut() {
    participants.forEach(participant -> participant.page().context().cookies());
  }

  @Override
  public void close() {
    participants.forEach(ChromiumParticipant::close);
    more.forEach(Chromium::close);
    server.close();
  }

  private static ServerConfig withHttpPorts(ServerConfig config, PlenumServer server) {
    return new ServerConfig(
        new Listener(config.http().host(), server.httpPort()),
        new Listener(config.management().host(), server.managementPort()),
        config.media(),
        config.iceServers(),
        config.web(),
        config.auth(),
        config.events(),
        config.recordings(),
        config.live(),
        config.limits(),
        config.codecs(),
        config.log(),
        config.turn(),
        config.drain(),
        config.direct(),
        null);
  }

  private static int freeUdpPort() {
    try (DatagramSocket socket = new DatagramSocket()) {
      return socket.getLocalPort();
    } catch (SocketException e) {
      throw new UncheckedIOException(e);
    }
  }
}
