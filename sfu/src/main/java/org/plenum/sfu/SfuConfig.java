package org.plenum.sfu;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.candidate.Exclusion;
import org.plenum.ice.port.MediaPortKind;

/// How to start an SFU.
///
/// @param workers threads, each with a UDP port of its own; at least 1
/// @param firstPort port of the first worker, the others follow; 0: any free ports
/// @param bindAddresses literal addresses to listen on; empty: all
/// @param advertisedAddresses addresses offered to clients instead of the host's own, as
/// [AdvertisedAddress#parse] reads them, or names with a dot in them; empty: the host's own
/// @param offerLoopback also offer 127.0.0.1: for clients on the same machine
/// @param portKind which I/O to use
/// @param candidates what clients are told of the ports
/// @param tcp ICE-TCP
/// @param stun STUN besides ICE
/// @param bitrates what is taken of publishers at the most
/// @param turn a TURN server of our own; null: there is none
/// @param spread participants of a room on one worker, beyond which it takes another one, if there
///     is one; 0: a room stays on one worker
/// @param shedsLoad whether a worker that has too much to do leaves something undone: [LoadStep]
public record SfuConfig(
    int workers,
    int firstPort,
    List<String> bindAddresses,
    List<String> advertisedAddresses,
    boolean offerLoopback,
    MediaPortKind portKind,
    Candidates candidates,
    Tcp tcp,
    Stun stun,
    Bitrates bitrates,
    @Nullable Turn turn,
    int spread,
    boolean shedsLoad) {
  /// The largest bitrates of published tracks, all their layers together, bit/s of datagrams.
  ///
  /// @param audioBps of sound
  /// @param videoBps of a camera
  /// @param screenBps of a screen
  public record Bitrates(long audioBps, long videoBps, long screenBps) {
    /// Twice what Opus can have, and several times what browsers and encoders send by themselves:
    /// 2.5 Mb/s of 720p, 6 to 10 Mb/s of 1080p.
    public static final Bitrates DEFAULT = new Bitrates(1_000_000, 20_000_000, 20_000_000);

    public Bitrates {
      if (audioBps < 1 || videoBps < 1 || screenBps < 1) {
        throw new IllegalArgumentException("bitrates must be positive");
      }
    }

    /// Of a track from this source.
    public long of(TrackSource source) {
      return switch (source) {
        case MICROPHONE, SCREEN_AUDIO -> audioBps;
        case CAMERA -> videoBps;
        case SCREEN -> screenBps;
      };
    }
  }

  /// What clients are told of the ports, beside the addresses.
  ///
  /// @param excluded of the host's own addresses, those not offered, as [Exclusion#parse] reads
  ///     them
  /// @param advertisedPort outside, of the first worker, at each advertised address that says none;
  ///     0: as inside
  public record Candidates(List<String> excluded, int advertisedPort) {
    /// Nothing is left out, and ports are the same outside.
    public static final Candidates DEFAULT = new Candidates(List.of(), 0);

    public Candidates {
      excluded = List.copyOf(excluded);
      excluded.forEach(Exclusion::parse);
      requirePort("the advertised port", advertisedPort);
    }
  }

  /// ICE-TCP, passive (RFC 6544), for clients whose network lets no UDP through.
  ///
  /// @param enabled whether it is offered
  /// @param port one for all workers; 0: any free one
  /// @param advertisedPort outside, at each advertised address; 0: that of the first worker's UDP
  ///     port if that differs outside, else as inside
  /// @param shared whether somebody else has this port, and hands connections over; without
  ///     ICE-TCP, those of TURN over TLS alone
  public record Tcp(boolean enabled, int port, int advertisedPort, boolean shared) {
    public Tcp {
      requirePort("the TCP port", port);
      requirePort("the advertised TCP port", advertisedPort);
    }

    /// With a port of our own.
    public Tcp(boolean enabled, int port, int advertisedPort) {
      this(enabled, port, advertisedPort, false);
    }

    /// Reached as the UDP ports are.
    public Tcp(boolean enabled, int port) {
      this(enabled, port, 0);
    }
  }

  /// STUN besides ICE.
  ///
  /// @param server whether media ports tell whoever asks its address (RFC 8489)
  /// @param mappingServers HOST:PORT of STUN servers to ask at the start what a NAT maps our ports
  /// to
  public record Stun(boolean server, List<String> mappingServers) {
    private static final String HOST_AND_PORT = "(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9._-]+):(\\d{1,5})";

    public Stun {
      mappingServers = List.copyOf(mappingServers);
      for (String each : mappingServers) {
        if (!isServer(each)) {
          throw new IllegalArgumentException(
              "a STUN server must be HOST:PORT, not \"" + each + "\"");
        }
      }
    }

    /// Whether this names a host and a port.
    public static boolean isServer(String text) {
      if (!text.matches(HOST_AND_PORT)) {
        return false;
      }
      int port = Integer.parseInt(text.substring(text.lastIndexOf(':') + 1));
      return port >= 1 && port <= 65_535;
    }
  }

  /// A TURN server at the media ports, UDP and TCP, that relays to them, and between two who talk
  /// directly.
  ///
  /// @param secret of which passwords for participants are made, not empty
  ///     (draft-uberti-behave-turn-rest-00 §2.2; the user is the participant's id)
  /// @param relayPorts UDP ports of the relays of direct calls; null: those have none
  public record Turn(String secret, @Nullable PortRange relayPorts) {
    /// With relays to our own media only.
    public Turn(String secret) {
      this(secret, null);
    }

    public Turn {
      if (secret.isEmpty()) {
        throw new IllegalArgumentException("the secret of a TURN server must not be empty");
      }
    }

    /// Without what must never get into a log.
    @Override
    public String toString() {
      return "Turn";
    }
  }

  /// Some UDP ports.
  ///
  /// @param first 1024 or more
  /// @param last not below `first`; at most [#MOST] in all
  public record PortRange(int first, int last) {
    public static final int MOST = 16_384;

    public PortRange {
      if (first < 1_024 || last > 65_535 || last < first || last - first >= MOST) {
        throw new IllegalArgumentException(
            "must be FIRST-LAST, within 1024 to 65535 and "
                + MOST
                + " ports at the most, not "
                + first
                + "-"
                + last);
      }
    }

    /// Whether one of these ports is among those.
    public boolean overlaps(int from, int to) {
      return first <= to && from <= last;
    }

    @Override
    public String toString() {
      return first + "-" + last;
    }
  }

  public SfuConfig {
    if (workers < 1 || workers > 256) {
      throw new IllegalArgumentException("workers must be 1 to 256, not " + workers);
    }
    if (firstPort < 0 || firstPort + workers - 1 > 65_535) {
      throw new IllegalArgumentException(
          "media ports must be 0 or lie within 1 to 65535, not from " + firstPort);
    }
    if (spread < 0) {
      throw new IllegalArgumentException("spread must not be negative, but is " + spread);
    }
    bindAddresses = List.copyOf(bindAddresses);
    advertisedAddresses = List.copyOf(advertisedAddresses);
  }

  /// In which a room stays on one worker, and nothing is left undone.
  public SfuConfig(
      int workers,
      int firstPort,
      List<String> bindAddresses,
      List<String> advertisedAddresses,
      boolean offerLoopback,
      MediaPortKind portKind,
      Candidates candidates,
      Tcp tcp,
      Stun stun,
      Bitrates bitrates,
      @Nullable Turn turn) {
    this(
        workers,
        firstPort,
        bindAddresses,
        advertisedAddresses,
        offerLoopback,
        portKind,
        candidates,
        tcp,
        stun,
        bitrates,
        turn,
        0,
        false);
  }

  /// The same, but for when a room takes another worker.
  public SfuConfig withSpread(int participants) {
    return new SfuConfig(
        workers,
        firstPort,
        bindAddresses,
        advertisedAddresses,
        offerLoopback,
        portKind,
        candidates,
        tcp,
        stun,
        bitrates,
        turn,
        participants,
        shedsLoad);
  }

  /// The same, but for whether load is shed.
  public SfuConfig withShedding(boolean yes) {
    return new SfuConfig(
        workers,
        firstPort,
        bindAddresses,
        advertisedAddresses,
        offerLoopback,
        portKind,
        candidates,
        tcp,
        stun,
        bitrates,
        turn,
        spread,
        yes);
  }

  /// With ICE-TCP on any free port, the STUN server on, bitrates as they are by default, and no
  /// TURN server.
  public SfuConfig(
      int workers,
      int firstPort,
      List<String> bindAddresses,
      List<String> advertisedAddresses,
      boolean offerLoopback,
      MediaPortKind portKind) {
    this(
        workers,
        firstPort,
        bindAddresses,
        advertisedAddresses,
        offerLoopback,
        portKind,
        Candidates.DEFAULT,
        new Tcp(true, 0),
        new Stun(true, List.of()),
        Bitrates.DEFAULT,
        null);
  }

  private static void requirePort(String what, int port) {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException(what + " must be 0 to 65535, not " + port);
    }
  }

  /// One worker per core but one, any free ports, loopback offered: for tests and first steps.
  public static SfuConfig forDevelopment() {
    int workers = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
    return new SfuConfig(workers, 0, List.of(), List.of(), true, MediaPortKind.AUTO);
  }
}
