package org.plenum.signaling.browser;

import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import org.plenum.ice.port.MediaPortKind;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.config.ServerConfig.Listener;
import org.plenum.signaling.config.ServerConfig.Media;

/// For clients that do not use loopback: the server offers every address of this machine, as it
/// does by default.
final class RealAddress {
  private RealAddress() {}

  static ServerConfig config() {
    Listener loopback = new Listener("127.0.0.1", 0);
    Media media = new Media(0, 1, List.of(), List.of(), false, MediaPortKind.AUTO);
    return new ServerConfig(loopback, loopback, media, List.of());
  }

  static boolean isThere() throws SocketException {
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(Inet4Address.class::isInstance)
        .anyMatch(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress());
  }
}
