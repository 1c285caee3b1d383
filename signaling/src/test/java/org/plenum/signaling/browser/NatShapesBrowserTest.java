package org.plenum.signaling.browser;

import static org.plenum.signaling.browser.Eventually.eventually;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.plenum.sfu.SfuConfig;
import org.plenum.signaling.browser.VirtualNetwork.Nat;

/// Which pairs behind NATs talk how (RFC 4787's words: docs/network.md has the table, which is
/// printed at the end). As root.
@Tag("browser")
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(QuietConsole.class)
class NatShapesBrowserTest {
  private static final SfuConfig.PortRange PORTS = new SfuConfig.PortRange(47_300, 47_399);
  private static final String VIDEO = "320x180@10";

  private final List<String> table = new ArrayList<>();
  private VirtualNetwork network;

  @BeforeAll
  void open() {
    Installed.chromium();
    network = new VirtualNetwork();
    network.filter();
  }

  @AfterAll
  void close() {
    if (network != null) {
      network.close();
      System.err.println("| one | other | path |\n|---|---|---|\n" + String.join("\n", table));
    }
  }

  static List<Arguments> pairs() {
    List<Arguments> pairs = new ArrayList<>();
    for (Nat one : Nat.values()) {
      for (Nat other : Nat.values()) {
        if (other.compareTo(one) >= 0) {
          boolean relayed = other == Nat.SYMMETRIC && one.compareTo(Nat.PORT_RESTRICTED) >= 0;
          pairs.add(Arguments.of(one, other, relayed));
        }
      }
    }
    return pairs;
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void goesDirectWhereNatsLetItAndByRelaysElsewhere(Nat one, Nat other, boolean relayed) {
    try (Chromium adas = DirectPath.launch(network.chromium(1, one));
        Chromium graces = DirectPath.launch(network.chromium(2, other));
        Call call = new Call(adas.browser(), FirewallBrowserTest.config(PORTS))) {
      ChromiumParticipant ada = join(call, "Ada", adas);
      ChromiumParticipant grace = join(call, "Grace", graces);
      // A relay may be there first: whoever finds a better path goes over to it.
      String path =
          eventually(
              relayed ? "a relay by UDP" : "a direct path by UDP",
              () -> DirectPath.of(ada),
              seen -> isByUdp(seen) && relayed == seen.contains("relay"));
      DirectPath.moves(ada);
      DirectPath.moves(grace);
      table.add("| " + name(one) + " | " + name(other) + " | " + path + " |");
    } finally {
      network.clear();
    }
  }

  /// Whose NATs let them find each other need no TURN server: ours tells them their addresses.
  @Test
  void goesDirectByAddressesThatTheServerTells() {
    try (Chromium adas = DirectPath.launch(network.chromium(1, Nat.FULL_CONE));
        Chromium graces = DirectPath.launch(network.chromium(2, Nat.FULL_CONE));
        Call call = new Call(adas.browser(), FirewallBrowserTest.config(null))) {
      ChromiumParticipant ada = join(call, "Ada", adas);
      ChromiumParticipant grace = join(call, "Grace", graces);
      eventually("a path by UDP", () -> DirectPath.of(ada), NatShapesBrowserTest::isByUdp);
      DirectPath.moves(ada);
      DirectPath.moves(grace);
    } finally {
      network.clear();
    }
  }

  private static ChromiumParticipant join(Call call, String name, Chromium browser) {
    ChromiumParticipant participant = call.enter(name, browser.browser());
    participant.page().addInitScript(DirectPath.CAPTURE);
    participant.page().navigate(call.address(name, VIDEO));
    participant.sees("the call", sight -> !sight.participant().isEmpty());
    return participant;
  }

  private static boolean isByUdp(String path) {
    return path.contains(" udp ");
  }

  private static String name(Nat nat) {
    return nat.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
  }
}
