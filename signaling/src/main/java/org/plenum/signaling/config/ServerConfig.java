package org.plenum.signaling.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.port.MediaPortKind;
import org.plenum.sfu.SfuConfig;
import org.plenum.signaling.protocol.IceServer;
import org.plenum.signaling.protocol.TurnServer;

/// All settings of a server, valid.
///
/// @param iceServers STUN and TURN servers for clients
/// @param turn one more, of which clients get passwords of their own; null: none
/// @param drain how long rooms may go on once the server is told to stop
public record ServerConfig(
    Listener http,
    Listener management,
    Media media,
    List<IceServer> iceServers,
    @Nullable TurnServer turn,
    Duration drain) {
  /// Where to listen for TCP.
  ///
  /// @param host literal address
  /// @param port 0: any free one
  public record Listener(String host, int port) {}

  /// The SFU's ports.
  ///
  /// @param port of the first worker; 0: any free ones
  /// @param workers 0: a core less than there are, at least 1
  /// @param bind literal addresses; empty: all
  /// @param advertised addresses, some with the port outside; empty: the host's own
  public record Media(
      int port,
      int workers,
      List<String> bind,
      List<String> advertised,
      boolean offerLoopback,
      MediaPortKind io,
      SfuConfig.Tcp tcp,
      SfuConfig.Stun stun) {
    public Media {
      bind = List.copyOf(bind);
      advertised = List.copyOf(advertised);
    }

    /// With ICE-TCP on any free port and the STUN server on.
    public Media(
        int port,
        int workers,
        List<String> bind,
        List<String> advertised,
        boolean offerLoopback,
        MediaPortKind io) {
      this(
          port,
          workers,
          bind,
          advertised,
          offerLoopback,
          io,
          new SfuConfig.Tcp(true, 0),
          new SfuConfig.Stun(true, List.of()));
    }

    /// The number of workers, counted if it was left to us.
    int effectiveWorkers() {
      return workers > 0 ? workers : Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
    }
  }

  public ServerConfig {
    iceServers = List.copyOf(iceServers);
  }

  /// With no TURN server that shares a secret, and no time to drain.
  public ServerConfig(Listener http, Listener management, Media media, List<IceServer> iceServers) {
    this(http, management, media, iceServers, null, Duration.ZERO);
  }

  public SfuConfig sfu() {
    return new SfuConfig(
        media.effectiveWorkers(),
        media.port(),
        media.bind(),
        media.advertised(),
        media.offerLoopback(),
        media.io(),
        media.tcp(),
        media.stun());
  }

  /// Every port free, on loopback only: for tests.
  public static ServerConfig forTests() {
    Listener anyPort = new Listener("127.0.0.1", 0);
    return new ServerConfig(
        anyPort,
        anyPort,
        new Media(0, 1, List.of("127.0.0.1"), List.of(), true, MediaPortKind.AUTO),
        List.of());
  }
}
