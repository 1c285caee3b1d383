package org.plenum.signaling.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.plenum.sfu.SfuConfig;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.protocol.TurnPasswords;

/// One TCP port for the page, the WebSocket, ICE-TCP and TURN over TLS.
@Tag("browser")
class OnePortBrowserTest {
  @RegisterExtension
  static final CallExtension CALLS = new CallExtension(OnePortBrowserTest::onOnePort);

  static ServerConfig onOnePort() {
    ServerConfig config = ServerConfig.forTests();
    int port = freePort();
    var passwords = new TurnPasswords("nobody-knows-it", Duration.ofHours(1));
    var web = new ServerConfig.Web(List.of(), List.of(), null, null, true);
    return new ServerConfig(
            new ServerConfig.Listener("127.0.0.1", port),
            config.management(),
            config.media().with(passwords).with(new SfuConfig.Tcp(true, port, 0, true)),
            List.of())
        .with(web.with(false, new ServerConfig.SecureRelay(0, 0, "")));
  }

  @Test
  void thePageTestsTheWaysBeforeTheCall(Call call) {
    ChromiumParticipant ada = call.enter("Ada");
    Page page = ada.page();
    page.navigate(call.base() + "/?room=lobby&name=Ada");
    ada.press("connection-test");

    assertThat(page.getByTestId("connection-result").locator("li"))
        .containsText(
            new String[] {
              "Calls work here as they should.",
              "UDP: open",
              "TCP: open",
              "TLS: open",
              "The server answers within",
              "Mbit/s come in"
            });
    assertEquals(List.of(), Axe.violations(page));
    Looks.take(ada, "connection-test");
  }

  /// Ways that lead nowhere, in place of the server's.
  @Test
  void thePageNamesWhatAnAdministratorHasToLetOut(Call call) {
    ChromiumParticipant ada = call.enter("Ada");
    Page page = ada.page();
    page.route("**/connection.json", route -> route.fulfill(answer(SHUT)));
    page.navigate(call.base() + "/?room=lobby&name=Ada");
    ada.press("connection-test");

    assertThat(page.getByTestId("connection-result"))
        .containsText(
            "For the administrator of this network: let connections out to"
                + " 127.0.0.1:9/udp, [::1]:9/tcp.");
    assertThat(page.getByTestId("connection-result")).containsText("No call is possible from here");
  }

  private static final String SHUT =
      """
      {
        "udp": {"urls": ["turn:127.0.0.1:9?transport=udp"], "username": "1:a", "credential": "b"},
        "tcp": {"urls": ["turn:[::1]:9?transport=tcp"], "username": "1:a", "credential": "b"},
        "tls": {"urls": ["turns:[::1]:9?transport=tcp"], "username": "1:a", "credential": "b"}
      }""";

  private static Route.FulfillOptions answer(String json) {
    return new Route.FulfillOptions().setContentType("application/json").setBody(json);
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void oneSpeaksTurnOverTlsAndTheOtherIceTcpAtThePortOfThePage(Call call) {
    ChromiumParticipant grace = call.enter("Grace");
    grace.page().addInitScript(OwnRelayBrowserTest.relayOnly("tls", call));
    ChromiumParticipant ada = call.enter("Ada");
    ada.page().addInitScript(TcpOnlyBrowserTest.NO_UDP);

    grace.page().navigate(call.address("Grace", Call.SMALL));
    ada.page().navigate(call.address("Ada", Call.SMALL));

    ada.seesAndHears("Grace");
    grace.seesAndHears("Ada");
    assertEquals("relay tls", grace.evaluate(OwnRelayBrowserTest.RELAYED));
    assertEquals("tcp tcp", ada.evaluate(TcpOnlyBrowserTest.PROTOCOLS));
    String counted = call.counted();
    assertTrue(counted.contains("plenum_clients{path=\"relay\"} 1.0"), counted);
    assertTrue(counted.contains("plenum_clients{path=\"tcp\"} 1.0"), counted);
  }
}
