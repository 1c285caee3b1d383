package org.plenum.signaling.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.signaling.browser.Eventually.eventually;

import com.microsoft.playwright.Page;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.plenum.signaling.config.AddressRange;
import org.plenum.signaling.config.ServerConfig;

/// The page behind nginx, below a path of a site that others share: with TLS, HTTP/2 and a bound on
/// bodies.
@Tag("browser")
@ExtendWith(QuietConsole.class)
class ProxyBrowserTest {
  private static final String OWN_NAME = "$http_host";

  private static final String TAKES_OFF = "proxy_set_header X-Forwarded-Prefix /meet;";

  /// Views by WHEP and ends it at the address that it was told.
  private static final String WHEP =
      """
      (async () => {
        const pc = new RTCPeerConnection();
        pc.addTransceiver('video', { direction: 'recvonly' });
        await pc.setLocalDescription();
        const headers = { 'Content-Type': 'application/sdp' };
        const made = await fetch('/meet/whep/blue', { method: 'POST', headers, body: pc.localDescription.sdp });
        const location = made.headers.get('Location');
        const ended = await fetch(location, { method: 'DELETE' });
        pc.close();
        return `${location.split('/').slice(0, 4).join('/')} ${ended.status}`;
      })()""";

  @TempDir private Path directory;

  private final List<String> failures = new CopyOnWriteArrayList<>();

  @BeforeEach
  void findNginx() {
    Installed.nginx();
  }

  @Tag("slow")
  @Test
  void aCallBelowAPathThatTheProxyTakesOff() throws Exception {
    ServerConfig.Web web = new ServerConfig.Web(loopback(), List.of(), null, null, false);
    try (Chromium chromium = Chromium.launch();
        Call call = new Call(chromium.browser(), config(web));
        Nginx nginx = Nginx.start(directory, call.port(), "/", "64k", OWN_NAME, TAKES_OFF)) {
      ChromiumParticipant ada = opens(call, "Ada", nginx.base() + "r/blue?name=Ada&autojoin=1");
      ChromiumParticipant grace =
          opens(call, "Grace", nginx.base() + "?room=blue&name=Grace&autojoin=1&video=160x90@5");
      ada.seesAndHears("Grace");
      grace.seesAndHears("Ada");
      assertEquals(
          "h2", ada.evaluate("performance.getEntriesByType('navigation')[0].nextHopProtocol"));
      assertEquals("/meet/whep/blue 200", ada.evaluate(WHEP));
      assertFalse(ada.page().url().contains("room="), ada.page().url());

      QuietConsole.mayRead(
          "Failed to load resource: the server responded with a status of 413 ()"
              + " at /meet/recordings/blue/*",
          "the proxy takes only small bodies, which one learns by trying");
      // Of the 300 kB that a second of video has, nginx lets 64 KiB through at once.
      Page page = ada.page();
      page.getByTestId("tile").first().hover();
      page.locator("[data-testid=tile] [data-action=record]").first().click();
      grace.press("consent-yes");
      String uploaded =
          "fetch('/meet/recordings/blue').then((r) => r.json()).then((l) => l.recordings[0]?.bytes ?? 0)";
      eventually(
          "300 kB uploaded",
          () -> grace.evaluate(uploaded),
          bytes -> Long.parseLong(bytes) > 300_000);
      page.getByTestId("tile").first().hover();
      page.locator("[data-testid=tile] [data-action=record]").first().click();
      ada.isTold("The recording is saved: see Recordings in the menu.");
      assertTrue(failures.stream().allMatch(each -> each.startsWith("413 ")), failures::toString);
      failures.clear();

      page.navigate(nginx.base() + "recordings.html?room=blue");
      page.locator("[data-testid=recording] .open").first().click();
      eventually(
          "a recording that plays",
          () -> ada.evaluate("document.getElementById('player').videoWidth > 0"),
          "true"::equals);
      assertEquals(List.of(), failures);
      QuietConsole.connectionsAreLost(); // the proxy goes before the pages do
    }
  }

  @Test
  void aCallBelowAPathThatTheProxyLeaves() throws Exception {
    ServerConfig.Web web = new ServerConfig.Web(loopback(), List.of(), "/meet", null, null, false);
    try (Chromium chromium = Chromium.launch();
        Call call = new Call(chromium.browser(), config(web));
        Nginx nginx = Nginx.start(directory, call.port(), "", "1m", OWN_NAME, "")) {
      ChromiumParticipant ada = opens(call, "Ada", nginx.base() + "?room=blue&name=Ada&autojoin=1");
      ChromiumParticipant grace =
          opens(call, "Grace", nginx.base() + "r/blue?name=Grace&autojoin=1");
      ada.seesAndHears("Grace");
      assertEquals("/meet/whep/blue 200", ada.evaluate(WHEP));

      ChromiumParticipant linus = opens(call, "Linus", nginx.base() + "r/blue?room=red&name=Linus");
      assertThat(linus.page().locator("#room")).hasValue("blue");
      String site = nginx.base().replace("https://", "");
      assertThat(linus.page().getByTestId("lobby-link")).hasText(site + "r/blue");
      linus.page().navigate(nginx.base() + "?room=blue&name=Linus");
      assertThat(linus.page().getByTestId("lobby-link")).hasText(site + "?room=blue");
      assertEquals(List.of(), failures);
      QuietConsole.connectionsAreLost(); // the proxy goes before the pages do
    }
  }

  /// A proxy that gives the server another host's name: the page is a stranger's then.
  @Test
  void aPageThatTheServerTakesForAStrangersIsToldSo() throws Exception {
    ServerConfig.Web web = new ServerConfig.Web(loopback(), List.of(), null, null, false);
    try (Chromium chromium = Chromium.launch();
        Call call = new Call(chromium.browser(), config(web));
        Nginx nginx = Nginx.start(directory, call.port(), "/", "1m", "plenum.internal", "")) {
      ChromiumParticipant ada = call.enter("Ada");
      // That of the WebSocket is refused, as the page is a stranger's.
      QuietConsole.connectionsAreLost();
      QuietConsole.mayRead(
          "Failed to load resource: the server responded with a status of 403 () at /meet/ws",
          "the page asks why");
      ada.page().navigate(nginx.base() + "?room=blue&name=Ada&autojoin=1");
      assertThat(ada.page().getByTestId("error"))
          .containsText("The server does not let pages of this address use it");
    }
  }

  private ChromiumParticipant opens(Call call, String name, String address) {
    ChromiumParticipant participant = call.enter(name);
    participant
        .page()
        .onResponse(
            response -> {
              if (response.status() >= 400) {
                failures.add(response.status() + " " + response.url());
              }
            });
    participant.page().navigate(address);
    return participant;
  }

  private ServerConfig config(ServerConfig.Web web) {
    return ServerConfig.forTests()
        .with(web)
        .with(new ServerConfig.Recordings(directory.resolve("data"), 64, 30));
  }

  private static List<AddressRange> loopback() {
    return List.of(new AddressRange(InetAddress.getLoopbackAddress(), 8));
  }
}
