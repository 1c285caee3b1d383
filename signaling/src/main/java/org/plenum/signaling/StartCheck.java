package org.plenum.signaling;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.plenum.ice.AddressText;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.data.DataDirectory;
import org.plenum.signaling.http.WebServer;
import org.plenum.signaling.token.Access;

/// `--check-config`: whether a server with valid settings could start on this host now. Looks at
/// what a start would use, and leaves all of it as it was.
final class StartCheck {
  private final ServerConfig config;
  private final List<String> problems = new ArrayList<>();

  private StartCheck(ServerConfig config) {
    this.config = config;
  }

  /// Each thing that would stop it, in a sentence without the full stop; none: it would start.
  static List<String> problems(ServerConfig config) {
    StartCheck check = new StartCheck(config);
    check.tryTo(() -> WebServer.checkCertificate(config.web()));
    check.tryTo(() -> Access.of(config.auth(), null, InstantSource.system()));
    Path data = config.events().directory();
    if (data != null) {
      check.tryTo(() -> DataDirectory.check(data));
    }
    check.listener("http", config.http());
    check.listener("management", config.management());
    check.secureRelay();
    check.media();
    return check.problems;
  }

  private void tryTo(Runnable look) {
    try {
      look.run();
    } catch (IllegalStateException e) {
      problems.add(String.valueOf(e.getMessage()));
    }
  }

  private void listener(String setting, ServerConfig.Listener listener) {
    tcp(setting + ".port", InetAddress.ofLiteral(listener.host()), listener.port());
  }

  private void secureRelay() {
    ServerConfig.SecureRelay relay = config.web().relay();
    if (relay != null && !config.web().onePort()) {
      tcp("turn.tls.port", InetAddress.ofLiteral(config.http().host()), relay.port());
    }
  }

  private void media() {
    ServerConfig.Media media = config.media();
    List<InetAddress> addresses =
        media.bind().isEmpty()
            ? List.of(new InetSocketAddress(0).getAddress())
            : media.bind().stream().map(InetAddress::ofLiteral).toList();
    for (InetAddress address : addresses) {
      // Port 0 is tried too: the address may be none of this host.
      for (int i = 0; i < (media.port() == 0 ? 1 : media.effectiveWorkers()); i++) {
        udp(address, media.port() == 0 ? 0 : media.port() + i);
      }
      if (media.tcp().enabled() && !media.tcp().shared()) {
        tcp("media.tcp.port", address, media.tcp().port());
      }
    }
  }

  private void tcp(String setting, InetAddress address, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true); // as those that will listen: connections of before may linger
      socket.bind(new InetSocketAddress(address, port));
    } catch (IOException e) {
      problems.add(unusable(setting, "TCP", address, port, e));
    }
  }

  private void udp(InetAddress address, int port) {
    try (DatagramSocket _ = new DatagramSocket(new InetSocketAddress(address, port))) {
      return;
    } catch (IOException e) {
      problems.add(unusable("media.port", "UDP", address, port, e));
    }
  }

  private static String unusable(
      String setting, String protocol, InetAddress address, int port, IOException why) {
    return "%s: %s port %d of %s cannot be used: %s"
        .formatted(setting, protocol, port, AddressText.of(address), why.getMessage());
  }
}
