package org.plenum.signaling.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.signaling.browser.Eventually.eventually;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.plenum.ice.port.MediaPortKind;
import org.plenum.sfu.SfuConfig;
import org.plenum.signaling.browser.VirtualNetwork.Nat;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.config.ServerConfig.Listener;
import org.plenum.signaling.config.ServerConfig.Media;
import org.plenum.signaling.protocol.TurnPasswords;

/// Firewalls between browsers and the server, in network namespaces. As root.
@Tag("browser")
@Tag("slow")
@ExtendWith(QuietConsole.class)
class FirewallBrowserTest {
  private static final String VIDEO = "320x180@10";
  private static final SfuConfig.PortRange PORTS = new SfuConfig.PortRange(47_200, 47_299);

  /// Where STUN's magic cookie is in a TCP segment with time stamps: plain, and in a frame of RFC
  /// 4571. Who looks for it lets only what is within TLS pass.
  private static final String NO_PLAIN_STUN = "@th,288,32 0x2112a442 drop";

  private static final String NO_FRAMED_STUN = "@th,304,32 0x2112a442 drop";

  private static VirtualNetwork network;
  private static Chromium adas;
  private static Chromium graces;

  @BeforeAll
  static void open() {
    Installed.chromium();
    network = new VirtualNetwork();
    adas = DirectPath.launch(network.chromium(1, Nat.NONE));
    graces = DirectPath.launch(network.chromium(2, Nat.NONE));
  }

  @AfterAll
  static void close() {
    for (AutoCloseable each : new AutoCloseable[] {adas, graces, network}) {
      if (each != null) {
        try {
          each.close();
        } catch (Exception e) {
          throw new IllegalStateException(e);
        }
      }
    }
  }

  private Call call;

  /// HTTPS, without which no browser gives its camera to an address that is not its own; and TURN
  /// by the same port.
  static ServerConfig config(SfuConfig.PortRange relayPorts) {
    int port = OnePortBrowserTest.freePort();
    var web = new ServerConfig.Web(List.of(), List.of(), null, null, true);
    Media media =
        new Media(0, 1, List.of(VirtualNetwork.SERVER), List.of(), false, MediaPortKind.AUTO)
            .with(new TurnPasswords("nobody-knows-it", Duration.ofHours(1)))
            .with(new SfuConfig.Tcp(true, port, 0, true));
    return new ServerConfig(
            new Listener(VirtualNetwork.SERVER, port),
            new Listener("127.0.0.1", 0),
            relayPorts == null ? media : media.with(relayPorts),
            List.of())
        .with(web.with(false, new ServerConfig.SecureRelay(0, 0, "")))
        .withDirect(true);
  }

  @BeforeEach
  void letAllThrough() {
    network.filter();
  }

  @AfterEach
  void end() {
    if (call != null) {
      System.err.println(call.counted());
      call.close();
    }
  }

  private ChromiumParticipant join(String name, Chromium browser) {
    ChromiumParticipant participant = call.enter(name, browser.browser());
    participant.page().addInitScript(DirectPath.CAPTURE);
    participant.page().navigate(call.address(name, VIDEO));
    participant.sees("the call", sight -> !sight.participant().isEmpty());
    return participant;
  }

  private void start(SfuConfig.PortRange relayPorts) {
    call = new Call(adas.browser(), config(relayPorts));
  }

  @Test
  void withoutFirewallsTwoTalkDirectly() {
    start(PORTS);
    ChromiumParticipant ada = join("Ada", adas);
    ChromiumParticipant grace = join("Grace", graces);
    eventually("a path", () -> DirectPath.of(ada), "host udp host"::equals);
    DirectPath.moves(ada);
    DirectPath.moves(grace);
  }

  @Test
  void whoMayNotReachEachOtherTalkByRelays() {
    start(PORTS);
    noUdpBetweenTheTwo();
    ChromiumParticipant ada = join("Ada", adas);
    ChromiumParticipant grace = join("Grace", graces);
    eventually("a path", () -> DirectPath.of(ada), path -> path.contains("relay"));
    DirectPath.moves(ada);
    DirectPath.moves(grace);
  }

  @Test
  void withoutRelaysTheyTalkByTheServer() {
    start(null);
    noUdpBetweenTheTwo();
    ChromiumParticipant ada = join("Ada", adas);
    ChromiumParticipant grace = join("Grace", graces);
    eventually(
        "no path",
        call::counted,
        counted -> counted.contains("plenum_direct_calls_failed_total 1.0"));
    ada.seesAndHears("Grace");
    grace.seesAndHears("Ada");
    assertEquals("", DirectPath.of(ada));
  }

  private static void noUdpBetweenTheTwo() {
    network.filter(
        "ip saddr 44.1.0.2 ip daddr 44.2.0.2 meta l4proto udp drop",
        "ip saddr 44.2.0.2 ip daddr 44.1.0.2 meta l4proto udp drop");
  }

  @Test
  void withoutUdpTheCallGoesByIceTcp() {
    start(null);
    network.filter(
        "ip saddr 44.1.0.2 meta l4proto udp drop", "ip daddr 44.1.0.2 meta l4proto udp drop");
    ChromiumParticipant grace = join("Grace", graces);
    ChromiumParticipant ada = join("Ada", adas);
    ada.seesAndHears("Grace");
    grace.seesAndHears("Ada");
    String path = DirectPath.toServer(ada);
    assertTrue(path.endsWith(" tcp host"), path);
  }

  /// Even what is no TLS is kept back on the port of the page.
  @Test
  void withNothingButTlsTheCallGoesByTurn() {
    start(null);
    network.filter(
        "ip saddr 44.1.0.2 tcp dport " + call.port() + " " + NO_PLAIN_STUN,
        "ip saddr 44.1.0.2 tcp dport " + call.port() + " " + NO_FRAMED_STUN,
        "ip saddr 44.1.0.2 tcp dport " + call.port() + " accept",
        "ip saddr 44.1.0.2 drop");
    ChromiumParticipant grace = join("Grace", graces);
    ChromiumParticipant ada = join("Ada", adas);
    ada.seesAndHears("Grace");
    grace.seesAndHears("Ada");
    assertEquals("relay tls host", DirectPath.toServer(ada));
    assertTrue(call.counted().contains("plenum_clients{path=\"relay\"} 1.0"), call.counted());
  }
}
