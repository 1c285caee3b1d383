package org.plenum.signaling.config;

import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.plenum.cluster.ClusterSettings;
import org.plenum.ice.port.MediaPortKind;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.RoomSettings;
import org.plenum.sfu.SfuConfig;
import org.plenum.signaling.bucket.BucketSettings;
import org.plenum.signaling.protocol.IceServer;
import org.plenum.signaling.protocol.TurnPasswords;
import org.plenum.signaling.protocol.TurnServer;

/// All settings of a server, valid.
///
/// @param iceServers STUN and TURN servers for clients
/// @param codecs what may be published in a room, the favourites first
/// @param turn one more, of which each client gets a password of its own; null: none
/// @param drain how long rooms may go on once the server is told to stop
/// @param direct whether two people who are alone in a room may talk directly
/// @param cluster the cluster that this server is a node of; null: it is alone
public record ServerConfig(
    Listener http,
    Listener management,
    Media media,
    List<IceServer> iceServers,
    Web web,
    Auth auth,
    Events events,
    Recordings recordings,
    Live live,
    Limits limits,
    List<CodecName> codecs,
    Log log,
    @Nullable TurnServer turn,
    Duration drain,
    boolean direct,
    @Nullable Node cluster) {
  /// Where to listen for TCP.
  ///
  /// @param host literal address
  /// @param port 0: any free one
  /// @param token which who reads metrics must bear; empty: none
  /// @param tls whether it is HTTPS, for the management port
  public record Listener(String host, int port, String token, boolean tls) {
    public Listener(String host, int port) {
      this(host, port, "", false);
    }

    /// Without what must never get into a log.
    @Override
    public String toString() {
      return "Listener[" + host + ":" + port + "]";
    }
  }

  /// This server as a node of a cluster.
  ///
  /// @param settings how it finds the others
  /// @param url by which clients reach this very node; empty: only through the load balancer
  /// @param region a label by which rooms are placed; may be empty
  /// @param roomNodes nodes that a room may be on at once, its own included
  public record Node(ClusterSettings settings, String url, String region, int roomNodes) {}

  /// The SFU's ports.
  ///
  /// @param port of the first worker; 0: any free ones
  /// @param workers 0: a core less than there are, at least 1
  /// @param bind literal addresses; empty: all
  /// @param advertised addresses, some with the port outside; empty: the host's own
  /// @param relays passwords for a TURN server of our own at these ports; null: there is none
  /// @param relayPorts by which those who talk directly are relayed; null: by none
  /// @param spread participants of a room on one worker, beyond which it takes another; 0: it has
  ///     one
  /// @param shedsLoad whether a worker that has too much to do leaves something undone
  public record Media(
      int port,
      int workers,
      List<String> bind,
      List<String> advertised,
      boolean offerLoopback,
      MediaPortKind io,
      SfuConfig.Candidates candidates,
      SfuConfig.Tcp tcp,
      SfuConfig.Stun stun,
      SfuConfig.Bitrates bitrates,
      @Nullable TurnPasswords relays,
      SfuConfig.@Nullable PortRange relayPorts,
      int spread,
      boolean shedsLoad) {
    /// Unless told otherwise. Another number than any worker's: Kubernetes takes ports of one
    /// number for the same, whatever their protocol.
    static final int TCP_PORT = 4443;

    public Media {
      bind = List.copyOf(bind);
      advertised = List.copyOf(advertised);
    }

    /// With ICE-TCP on any free port and the STUN server on, without a TURN server; nothing is left
    /// undone however much there is to do.
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
          SfuConfig.Candidates.DEFAULT,
          new SfuConfig.Tcp(true, 0),
          new SfuConfig.Stun(true, List.of()),
          SfuConfig.Bitrates.DEFAULT,
          null,
          null,
          0,
          false);
    }

    /// The same on other ports.
    public Media withPort(int other) {
      return new Media(
          other,
          workers,
          bind,
          advertised,
          offerLoopback,
          io,
          candidates,
          tcp,
          stun,
          bitrates,
          relays,
          relayPorts,
          spread,
          shedsLoad);
    }

    public Media with(SfuConfig.Bitrates other) {
      return new Media(
          port,
          workers,
          bind,
          advertised,
          offerLoopback,
          io,
          candidates,
          tcp,
          stun,
          other,
          relays,
          relayPorts,
          spread,
          shedsLoad);
    }

    /// With ICE-TCP as this says.
    public Media with(SfuConfig.Tcp other) {
      return new Media(
          port,
          workers,
          bind,
          advertised,
          offerLoopback,
          io,
          candidates,
          other,
          stun,
          bitrates,
          relays,
          relayPorts,
          spread,
          shedsLoad);
    }

    /// With a TURN server of our own.
    public Media with(TurnPasswords other) {
      return new Media(
          port,
          workers,
          bind,
          advertised,
          offerLoopback,
          io,
          candidates,
          tcp,
          stun,
          bitrates,
          other,
          relayPorts,
          spread,
          shedsLoad);
    }

    /// With relays for those who talk directly, by these ports.
    public Media with(SfuConfig.PortRange other) {
      return new Media(
          port,
          workers,
          bind,
          advertised,
          offerLoopback,
          io,
          candidates,
          tcp,
          stun,
          bitrates,
          relays,
          other,
          spread,
          shedsLoad);
    }

    /// With so many workers, of which a room takes another one beyond so many participants.
    public Media with(int otherWorkers, int otherSpread) {
      return new Media(
          port,
          otherWorkers,
          bind,
          advertised,
          offerLoopback,
          io,
          candidates,
          tcp,
          stun,
          bitrates,
          relays,
          relayPorts,
          otherSpread,
          shedsLoad);
    }

    /// The number of workers, counted if it was left to us.
    public int effectiveWorkers() {
      return effective(workers);
    }

    static int effective(int workers) {
      return workers > 0 ? workers : Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
    }
  }

  /// How the public port is reached.
  ///
  /// @param allowedOrigins in lower case, `*` for all; our own need not be there
  /// @param frameAncestors origins, in lower case, whose pages may frame ours beside them
  /// @param pathPrefix below which a proxy shows all of it, as `/meet`; empty for none
  /// @param certificate null: none; goes together with `key`
  /// @param onePort whether ICE-TCP and TURN come to this port too, within TLS or not
  /// @param relay where our TURN server is reached over TLS; null: nowhere
  public record Web(
      List<AddressRange> trustedProxies,
      List<String> allowedOrigins,
      List<String> frameAncestors,
      String pathPrefix,
      @Nullable Path certificate,
      @Nullable Path key,
      boolean selfSigned,
      boolean onePort,
      @Nullable SecureRelay relay) {
    static final Web DEFAULT = new Web(List.of(), List.of(), null, null, false);

    /// Without a prefix.
    public Web(
        List<AddressRange> trustedProxies,
        List<String> allowedOrigins,
        @Nullable Path certificate,
        @Nullable Path key,
        boolean selfSigned) {
      this(trustedProxies, allowedOrigins, "", certificate, key, selfSigned);
    }

    /// Framed by nobody else, and without our TURN server over TLS.
    public Web(
        List<AddressRange> trustedProxies,
        List<String> allowedOrigins,
        String pathPrefix,
        @Nullable Path certificate,
        @Nullable Path key,
        boolean selfSigned) {
      this(
          trustedProxies,
          allowedOrigins,
          List.of(),
          pathPrefix,
          certificate,
          key,
          selfSigned,
          false,
          null);
    }

    /// With our TURN server over TLS.
    public Web with(boolean ownPort, SecureRelay other) {
      return new Web(
          trustedProxies,
          allowedOrigins,
          frameAncestors,
          pathPrefix,
          certificate,
          key,
          selfSigned,
          !ownPort,
          other);
    }

    public Web {
      trustedProxies = List.copyOf(trustedProxies);
      allowedOrigins = List.copyOf(allowedOrigins);
      frameAncestors = List.copyOf(frameAncestors);
    }

    public boolean tls() {
      return selfSigned || certificate != null;
    }
  }

  /// Our TURN server over TLS.
  ///
  /// @param port of its own, 0 for any free one; no matter where there is one port for all
  /// @param advertisedPort outside; 0: as inside
  /// @param host the name in the certificate that clients reach it by; empty: the first one there
  public record SecureRelay(int port, int advertisedPort, String host) {}

  /// Authentication and authorization.
  ///
  /// @param jwks file or https URL, empty for none
  /// @param leewaySeconds for the times in tokens
  /// @param open whether anyone may enter from elsewhere, without keys
  /// @param keysFile which some of the keys come from; null: none does
  /// @param signedLive whether only who was given a signed link may watch broadcasts
  public record Auth(
      List<ApiKey> keys,
      String jwks,
      int leewaySeconds,
      boolean open,
      @Nullable Path keysFile,
      boolean signedLive) {
    /// Clocks of machines that set them by the network are closer than that.
    static final int LEEWAY_SECONDS = 30;

    static final Auth DEFAULT = new Auth(List.of(), "", LEEWAY_SECONDS, false);

    public Auth {
      keys = List.copyOf(keys);
    }

    public Auth(List<ApiKey> keys, String jwks, int leewaySeconds, boolean open) {
      this(keys, jwks, leewaySeconds, open, null, false);
    }

    public boolean requiresTokens() {
      return !keys.isEmpty() || !jwks.isEmpty();
    }
  }

  /// Where events go.
  ///
  /// @param directory for the journal, null: in memory only
  /// @param names of the events that webhooks are told; empty: all
  public record Events(List<URI> webhooks, @Nullable Path directory, List<String> names) {
    /// As LiveKit names them, and `room_moved` and `participant_waiting`.
    static final List<String> NAMES =
        List.of(
            "room_started",
            "room_moved",
            "room_finished",
            "participant_joined",
            "participant_left",
            "participant_waiting",
            "track_published",
            "track_unpublished",
            "egress_started",
            "egress_ended");

    static final Events DEFAULT = new Events(List.of(), null);

    public Events {
      webhooks = List.copyOf(webhooks);
      names = List.copyOf(names);
    }

    /// All events.
    public Events(List<URI> webhooks, @Nullable Path directory) {
      this(webhooks, directory, List.of());
    }

    /// Whether receivers are told of events of this name.
    public boolean tells(String name) {
      return names.isEmpty() || names.contains(name);
    }
  }

  /// How many recordings are kept, and for how long.
  ///
  /// @param directory null: nothing can be recorded
  /// @param mebibytes of all recordings together
  /// @param days after which a recording is deleted
  /// @param fileMebibytes of one file in the chat; 0: none are taken
  /// @param bucket to which they go when they are complete; null: they stay in the directory
  public record Recordings(
      @Nullable Path directory,
      int mebibytes,
      int days,
      int fileMebibytes,
      @Nullable BucketSettings bucket) {
    static final Recordings DEFAULT = new Recordings(null, 16_384, 30);

    /// Without files in the chat.
    public Recordings(@Nullable Path directory, int mebibytes, int days) {
      this(directory, mebibytes, days, 0);
    }

    /// Without a bucket.
    public Recordings(@Nullable Path directory, int mebibytes, int days, int fileMebibytes) {
      this(directory, mebibytes, days, fileMebibytes, null);
    }

    /// Of one file in the chat; 0: none are taken.
    public long bytesOfFile() {
      return directory == null ? 0 : fileMebibytes * 1024L * 1024L;
    }

    /// One room must not use up the space of all others.
    private static final int SHARE_OF_ROOM = 4;

    public long bytes() {
      return mebibytes * 1024L * 1024L;
    }

    /// Of all recordings of a room.
    public long bytesOfRoom() {
      return bytes() / SHARE_OF_ROOM;
    }
  }

  /// What broadcasts have.
  ///
  /// @param dvrMinutes that viewers can go back; 0: as far as the memory goes
  /// @param dvrMebibytes of what they can go back to, of all broadcasts together
  public record Live(int dvrMinutes, int dvrMebibytes) {
    static final Live DEFAULT = new Live(0, 4_096);

    public long dvrBytes() {
      return dvrMebibytes * 1024L * 1024L;
    }
  }

  /// Bounds on what clients may use up.
  ///
  /// @param participants of a room
  /// @param allParticipants of all rooms; 0: no bound
  /// @param megabits a second of media sent above which nobody new is let in; 0: no bound
  /// @param emptySeconds how long a room stays open that everybody left
  /// @param roomsByApiOnly whether entering a room opens it
  /// @param waitingRoom whether rooms have one unless it is decided otherwise
  public record Limits(
      int connections,
      int connectionsPerAddress,
      int joinsPerSecond,
      int messagesPerSecond,
      int rooms,
      int participants,
      int allParticipants,
      int megabits,
      int emptySeconds,
      boolean roomsByApiOnly,
      boolean waitingRoom) {
    /// Without waiting rooms.
    public Limits(
        int connections,
        int connectionsPerAddress,
        int joinsPerSecond,
        int messagesPerSecond,
        int rooms,
        int participants,
        int allParticipants,
        int megabits,
        int emptySeconds,
        boolean roomsByApiOnly) {
      this(
          connections,
          connectionsPerAddress,
          joinsPerSecond,
          messagesPerSecond,
          rooms,
          participants,
          allParticipants,
          megabits,
          emptySeconds,
          roomsByApiOnly,
          false);
    }

    /// With a waiting room in each room.
    public Limits withWaitingRoom() {
      return new Limits(
          connections,
          connectionsPerAddress,
          joinsPerSecond,
          messagesPerSecond,
          rooms,
          participants,
          allParticipants,
          megabits,
          emptySeconds,
          roomsByApiOnly,
          true);
    }

    /// With no bound for all rooms together.
    public Limits(
        int connections,
        int connectionsPerAddress,
        int joinsPerSecond,
        int messagesPerSecond,
        int rooms,
        int participants) {
      this(
          connections,
          connectionsPerAddress,
          joinsPerSecond,
          messagesPerSecond,
          rooms,
          participants,
          0,
          0,
          60,
          false);
    }

    public static final Limits DEFAULT = new Limits(20_000, 500, 20, 50, 5_000, 500);
  }

  /// @param addresses whether clients' addresses are shown
  public record Log(LogFormat format, boolean addresses, LogLevel level) {
    public static final Log DEFAULT = new Log(LogFormat.TEXT, false, LogLevel.INFO);
  }

  public ServerConfig {
    iceServers = List.copyOf(iceServers);
    codecs = List.copyOf(codecs);
  }

  /// With defaults for the rest: open to everyone.
  public ServerConfig(Listener http, Listener management, Media media, List<IceServer> iceServers) {
    this(
        http,
        management,
        media,
        iceServers,
        Web.DEFAULT,
        Auth.DEFAULT,
        Events.DEFAULT,
        Recordings.DEFAULT,
        Live.DEFAULT,
        Limits.DEFAULT,
        RoomSettings.DEFAULT.codecs(),
        Log.DEFAULT,
        null,
        Duration.ZERO,
        false,
        null);
  }

  /// As a node of a cluster.
  public ServerConfig with(Node other) {
    return new ServerConfig(
        http,
        management,
        media,
        iceServers,
        web,
        auth,
        events,
        recordings,
        live,
        limits,
        codecs,
        log,
        turn,
        drain,
        direct,
        other);
  }

  /// The same, but for whether people may talk directly.
  public ServerConfig withDirect(boolean allowed) {
    return new ServerConfig(
        http,
        management,
        media,
        iceServers,
        web,
        auth,
        events,
        recordings,
        live,
        limits,
        codecs,
        log,
        turn,
        drain,
        allowed,
        cluster);
  }

  /// The same with other keys.
  public ServerConfig with(Auth other) {
    return new ServerConfig(
        http,
        management,
        media,
        iceServers,
        web,
        other,
        events,
        recordings,
        live,
        limits,
        codecs,
        log,
        turn,
        drain,
        direct,
        cluster);
  }

  public ServerConfig with(Media other) {
    return new ServerConfig(
        http,
        management,
        other,
        iceServers,
        web,
        auth,
        events,
        recordings,
        live,
        limits,
        codecs,
        log,
        turn,
        drain,
        direct,
        cluster);
  }

  public ServerConfig with(Web other) {
    return new ServerConfig(
        http,
        management,
        media,
        iceServers,
        other,
        auth,
        events,
        recordings,
        live,
        limits,
        codecs,
        log,
        turn,
        drain,
        direct,
        cluster);
  }

  public ServerConfig with(Events other) {
    return new ServerConfig(
        http,
        management,
        media,
        iceServers,
        web,
        auth,
        other,
        recordings,
        live,
        limits,
        codecs,
        log,
        turn,
        drain,
        direct,
        cluster);
  }

  public ServerConfig with(Recordings other) {
    return new ServerConfig(
        http,
        management,
        media,
        iceServers,
        web,
        auth,
        events,
        other,
        live,
        limits,
        codecs,
        log,
        turn,
        drain,
        direct,
        cluster);
  }

  public ServerConfig with(Live other) {
    return new ServerConfig(
        http,
        management,
        media,
        iceServers,
        web,
        auth,
        events,
        recordings,
        other,
        limits,
        codecs,
        log,
        turn,
        drain,
        direct,
        cluster);
  }

  public ServerConfig with(Limits other) {
    return new ServerConfig(
        http,
        management,
        media,
        iceServers,
        web,
        auth,
        events,
        recordings,
        live,
        other,
        codecs,
        log,
        turn,
        drain,
        direct,
        cluster);
  }

  public ServerConfig withCodecs(List<CodecName> others) {
    return new ServerConfig(
        http,
        management,
        media,
        iceServers,
        web,
        auth,
        events,
        recordings,
        live,
        limits,
        others,
        log,
        turn,
        drain,
        direct,
        cluster);
  }

  /// The properties of a room for which none were given.
  public RoomSettings room() {
    return RoomSettings.DEFAULT
        .withParticipants(limits.participants())
        .withEmptyNanos(Duration.ofSeconds(limits.emptySeconds()).toNanos())
        .withCodecs(codecs)
        .withDirect(direct);
  }

  /// Where other nodes reach the media ports of this one: at its address in the cluster, unless
  /// media is bound to others only.
  public InetAddress relayHost(Node node) {
    InetAddress host = InetAddress.ofLiteral(node.settings().host());
    List<InetAddress> bound = media.bind().stream().map(InetAddress::ofLiteral).toList();
    boolean isBound =
        bound.isEmpty()
            || bound.contains(host)
            || bound.stream().anyMatch(InetAddress::isAnyLocalAddress);
    return isBound ? host : bound.getFirst();
  }

  public SfuConfig sfu() {
    TurnPasswords relays = media.relays();
    return new SfuConfig(
        media.effectiveWorkers(),
        media.port(),
        media.bind(),
        media.advertised(),
        media.offerLoopback(),
        media.io(),
        media.candidates(),
        media.tcp(),
        media.stun(),
        media.bitrates(),
        relays == null ? null : new SfuConfig.Turn(relays.secret(), media.relayPorts()),
        media.spread(),
        media.shedsLoad());
  }

  /// Any free ports, on loopback only: for tests.
  public static ServerConfig forTests() {
    Listener anyPort = new Listener("127.0.0.1", 0);
    return new ServerConfig(
        anyPort,
        anyPort,
        new Media(0, 1, List.of("127.0.0.1"), List.of(), true, MediaPortKind.AUTO),
        List.of());
  }
}
