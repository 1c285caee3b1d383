package org.plenum.signaling.config;

import com.typesafe.config.Config;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.plenum.cluster.ClusterSettings;
import org.plenum.sfu.SfuConfig;
import org.plenum.sfu.worker.AdvertisedNames;
import org.plenum.signaling.protocol.TurnPasswords;
import org.plenum.signaling.protocol.TurnServer;

/// Builds the record from HOCON; every refusal names the key, its value and what is allowed.
final class ConfigReader {
  /// Of a TURN secret that is made here: as many as its HMAC-SHA1 has.
  private static final int SECRET_BYTES = 20;

  private final Config config;

  private ConfigReader(Config config) {
    this.config = config;
  }

  static ServerConfig read(Config config) {
    ConfigReader reader = new ConfigReader(config);
    Settings.all().forEach(reader::value);
    ServerConfig read =
        new ServerConfig(
            new ServerConfig.Listener(
                reader.value(Settings.HTTP_HOST), reader.value(Settings.HTTP_PORT)),
            new ServerConfig.Listener(
                reader.value(Settings.MANAGEMENT_HOST),
                reader.value(Settings.MANAGEMENT_PORT),
                reader.value(Settings.MANAGEMENT_TOKEN),
                reader.value(Settings.MANAGEMENT_TLS)),
            reader.media(),
            reader.value(Settings.ICE_SERVERS),
            reader.web(),
            reader.auth(),
            new ServerConfig.Events(
                reader.value(Settings.WEBHOOK_URLS),
                reader.path(Settings.DATA_DIR),
                reader.value(Settings.WEBHOOK_EVENTS)),
            new ServerConfig.Recordings(
                reader.path(Settings.DATA_DIR),
                reader.value(Settings.RECORDING_QUOTA),
                reader.value(Settings.RECORDING_DAYS),
                reader.value(Settings.CHAT_FILE_SIZE),
                BucketReader.read(reader)),
            new ServerConfig.Live(
                reader.value(Settings.LIVE_DVR), reader.value(Settings.LIVE_DVR_SIZE)),
            reader.limits(),
            reader.value(Settings.ROOM_CODECS),
            new ServerConfig.Log(
                reader.value(Settings.LOG_FORMAT),
                reader.value(Settings.LOG_ADDRESSES),
                reader.value(Settings.LOG_LEVEL)),
            reader.turn(),
            Duration.ofSeconds(reader.value(Settings.DRAIN_SECONDS)),
            reader.value(Settings.P2P_ENABLED),
            reader.cluster());
    checkPorts(read);
    reader.checkTls(read.web());
    reader.checkRelays(read);
    if (read.management().tls() && !read.web().tls()) {
      throw refused(
          Settings.MANAGEMENT_TLS,
          "false while neither tls.certificate nor tls.self-signed is set",
          "true");
    }
    reader.checkAccess(read);
    int minutes = read.live().dvrMinutes();
    if (minutes > 0 && read.recordings().directory() == null) {
      throw refused(Settings.LIVE_DVR, "0 while data.dir is empty", minutes);
    }
    return read;
  }

  private ServerConfig.@Nullable Node cluster() {
    if (!value(Settings.CLUSTER_ENABLED)) {
      return null;
    }
    String secret = value(Settings.CLUSTER_SECRET);
    if (secret.length() < ClusterSettings.LEAST_SECRET) {
      throw refused(
          Settings.CLUSTER_SECRET,
          "at least " + ClusterSettings.LEAST_SECRET + " characters while cluster.enabled is true",
          secret.length() + " characters");
    }
    List<String> hosts = value(Settings.CLUSTER_HOSTS);
    String dns = value(Settings.CLUSTER_DNS);
    if (hosts.isEmpty() == dns.isEmpty()) {
      throw new InvalidConfigException(
          "cluster.hosts and cluster.dns say where the other nodes are: set one of them");
    }
    String name = value(Settings.CLUSTER_NODE);
    return new ServerConfig.Node(
        new ClusterSettings(
            name.isEmpty() ? hostName() : name,
            secret,
            value(Settings.CLUSTER_HOST),
            value(Settings.CLUSTER_PORT),
            hosts,
            dns.isEmpty() ? null : dns,
            value(Settings.CLUSTER_EXPECTED)),
        value(Settings.CLUSTER_URL),
        value(Settings.CLUSTER_REGION),
        value(Settings.CLUSTER_ROOM_NODES));
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      throw new InvalidConfigException(
          "cluster.node must be set: this host has no name (" + e.getMessage() + ")");
    }
  }

  private ServerConfig.Media media() {
    return new ServerConfig.Media(
        value(Settings.MEDIA_PORT),
        value(Settings.MEDIA_WORKERS),
        value(Settings.MEDIA_BIND),
        value(Settings.MEDIA_ADVERTISED),
        value(Settings.MEDIA_OFFER_LOOPBACK),
        value(Settings.MEDIA_IO),
        new SfuConfig.Candidates(
            value(Settings.MEDIA_EXCLUDE), value(Settings.MEDIA_ADVERTISED_PORT)),
        tcp(),
        new SfuConfig.Stun(value(Settings.MEDIA_STUN_SERVER), value(Settings.MEDIA_STUN_MAPPING)),
        bitrates(),
        relays(),
        relayPorts(),
        value(Settings.ROOM_SPREAD),
        value(Settings.MEDIA_SHED_LOAD));
  }

  private SfuConfig.@Nullable PortRange relayPorts() {
    SfuConfig.PortRange ports = value(Settings.TURN_RELAY_PORTS).orElse(null);
    if (ports == null) {
      return null;
    }
    if (!hasOwnTurn()) {
      throw new InvalidConfigException(
          "turn.relay-ports are those of our own TURN server: set turn.own, or leave them empty");
    }
    int first = value(Settings.MEDIA_PORT);
    int workers = ServerConfig.Media.effective(value(Settings.MEDIA_WORKERS));
    if (first != 0 && ports.overlaps(first, first + workers - 1)) {
      throw refused(
          Settings.TURN_RELAY_PORTS, "other ports than the workers', from media.port on", ports);
    }
    if (ports.last() - ports.first() + 1 < workers) {
      throw refused(Settings.TURN_RELAY_PORTS, "a port for each worker at least", ports);
    }
    return ports;
  }

  private SfuConfig.Tcp tcp() {
    boolean enabled = value(Settings.MEDIA_TCP_ENABLED);
    boolean onePort = value(Settings.HTTP_ONE_PORT);
    boolean tlsOnly = !enabled && value(Settings.TURN_TLS_PORT) != 0;
    int own = tlsOnly ? 0 : value(Settings.MEDIA_TCP_PORT);
    return new SfuConfig.Tcp(
        enabled,
        onePort ? value(Settings.HTTP_PORT) : own,
        value(Settings.MEDIA_TCP_ADVERTISED_PORT),
        onePort || tlsOnly);
  }

  private SfuConfig.Bitrates bitrates() {
    return new SfuConfig.Bitrates(
        1_000L * value(Settings.MEDIA_LIMITS_AUDIO_BITRATE),
        1_000L * value(Settings.MEDIA_LIMITS_VIDEO_BITRATE),
        1_000L * value(Settings.MEDIA_LIMITS_SCREEN_BITRATE));
  }

  private @Nullable TurnServer turn() {
    List<String> urls = value(Settings.TURN_URLS);
    String secret = value(Settings.TURN_SECRET);
    if (!urls.isEmpty() && secret.isEmpty()) {
      throw new InvalidConfigException("turn.urls and turn.secret go together: set both or none");
    }
    if (urls.isEmpty() && !secret.isEmpty() && !hasOwnTurn()) {
      throw new InvalidConfigException(
          "turn.secret goes together with turn.urls or turn.own: set one of them, or none");
    }
    return urls.isEmpty() ? null : new TurnServer(urls, secret, passwordLife());
  }

  /// Where all goes by one port it is meant for those who have no other.
  private boolean hasOwnTurn() {
    return value(Settings.TURN_OWN) || value(Settings.HTTP_ONE_PORT);
  }

  private Duration passwordLife() {
    return Duration.ofSeconds(value(Settings.TURN_SECONDS));
  }

  /// Passwords of our own TURN server, of a secret that nobody knows unless one is given.
  private @Nullable TurnPasswords relays() {
    if (!hasOwnTurn()) {
      return null;
    }
    String given = value(Settings.TURN_SECRET);
    byte[] made = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(made);
    String secret = given.isEmpty() ? HexFormat.of().formatHex(made) : given;
    return new TurnPasswords(secret, passwordLife());
  }

  private ServerConfig.Web web() {
    return new ServerConfig.Web(
        value(Settings.HTTP_TRUSTED_PROXIES),
        value(Settings.HTTP_ALLOWED_ORIGINS),
        value(Settings.HTTP_FRAME_ANCESTORS),
        value(Settings.HTTP_PATH_PREFIX),
        path(Settings.TLS_CERTIFICATE),
        path(Settings.TLS_KEY),
        value(Settings.TLS_SELF_SIGNED),
        value(Settings.HTTP_ONE_PORT),
        secureRelay());
  }

  private ServerConfig.@Nullable SecureRelay secureRelay() {
    int port = value(Settings.TURN_TLS_PORT);
    if (port == 0 && !value(Settings.HTTP_ONE_PORT)) {
      return null;
    }
    return new ServerConfig.SecureRelay(
        port, value(Settings.TURN_TLS_ADVERTISED_PORT), value(Settings.TURN_TLS_HOST));
  }

  private ServerConfig.Auth auth() {
    return new ServerConfig.Auth(
        keys(),
        value(Settings.AUTH_JWKS),
        ServerConfig.Auth.LEEWAY_SECONDS,
        value(Settings.AUTH_OPEN),
        path(Settings.AUTH_KEYS_FILE),
        value(Settings.LIVE_SIGNED));
  }

  /// Those of the settings and those of the file, by id.
  private List<ApiKey> keys() {
    Map<String, ApiKey> byId = new TreeMap<>();
    value(Settings.AUTH_KEYS).forEach(key -> byId.put(key.id(), key));
    Path file = path(Settings.AUTH_KEYS_FILE);
    for (ApiKey key : file == null ? List.<ApiKey>of() : KeysFile.read(file)) {
      if (byId.put(key.id(), key) != null) {
        throw new InvalidConfigException(
            "auth.keys and auth.keys-file must not both have a key " + key.id());
      }
    }
    return List.copyOf(byId.values());
  }

  private ServerConfig.Limits limits() {
    return new ServerConfig.Limits(
        value(Settings.LIMITS_CONNECTIONS),
        value(Settings.LIMITS_CONNECTIONS_PER_ADDRESS),
        value(Settings.LIMITS_JOINS_PER_SECOND),
        value(Settings.LIMITS_MESSAGES_PER_SECOND),
        value(Settings.LIMITS_ROOMS),
        value(Settings.LIMITS_PARTICIPANTS),
        value(Settings.LIMITS_ALL_PARTICIPANTS),
        value(Settings.LIMITS_MEGABITS),
        value(Settings.ROOM_EMPTY_SECONDS),
        value(Settings.ROOM_API_ONLY),
        value(Settings.ROOM_WAITING));
  }

  private static void checkPorts(ServerConfig read) {
    checkOutside(read.media());
    for (String advertised : read.media().advertised()) {
      int said = AdvertisedNames.port(advertised);
      int first = said == 0 ? read.media().candidates().advertisedPort() : said;
      if (first + read.media().effectiveWorkers() - 1 > 65_535) {
        throw refused(
            Settings.MEDIA_ADVERTISED, "ports so small that each worker has one", advertised);
      }
    }
    int last = read.media().port() + read.media().effectiveWorkers() - 1;
    if (last > 65_535) {
      throw refused(
          Settings.MEDIA_PORT,
          "so small that each of " + read.media().effectiveWorkers() + " workers has a port",
          read.media().port());
    }
    int port = read.http().port();
    if (port != 0 && port == read.management().port()) {
      throw refused(Settings.MANAGEMENT_PORT, "another one than http.port", port);
    }
    boolean hasTcp = read.media().tcp().enabled() && !read.web().onePort();
    int tcp = hasTcp ? read.media().tcp().port() : 0;
    if (tcp != 0 && (tcp == port || tcp == read.management().port())) {
      String other = tcp == port ? Settings.HTTP_PORT.key() : Settings.MANAGEMENT_PORT.key();
      throw refused(Settings.MEDIA_TCP_PORT, "another one than " + other, tcp);
    }
  }

  private void checkRelays(ServerConfig read) {
    boolean tls = read.web().tls();
    boolean tcp = read.media().tcp().enabled();
    int secure = value(Settings.TURN_TLS_PORT);
    if (read.web().onePort()) {
      if (!tls) {
        throw refused(
            Settings.HTTP_ONE_PORT,
            "false while neither tls.certificate nor tls.self-signed is set",
            true);
      }
      if (!tcp) {
        throw refused(Settings.MEDIA_TCP_ENABLED, "true where http.one-port is", false);
      }
      if (read.http().port() == 0) {
        throw refused(Settings.HTTP_PORT, "another one than 0 where http.one-port is true", 0);
      }
      if (secure != 0) {
        throw refused(Settings.TURN_TLS_PORT, "0 where http.one-port is true", secure);
      }
      return;
    }
    if (secure != 0) {
      if (!tls) {
        throw refused(
            Settings.TURN_TLS_PORT,
            "0 while neither tls.certificate nor tls.self-signed is set",
            secure);
      }
      if (!value(Settings.TURN_OWN)) {
        throw refused(Settings.TURN_OWN, "true where turn.tls.port is set", false);
      }
      checkSecurePort(read, secure);
    } else if (value(Settings.TURN_OWN) && !tcp) {
      throw refused(
          Settings.TURN_OWN,
          "false while media.tcp.enabled is, and turn.tls.port is 0: clients are told of it over TCP"
              + " and TLS only",
          true);
    }
  }

  private static void checkSecurePort(ServerConfig read, int secure) {
    Setting<Integer> other =
        secure == read.http().port()
            ? Settings.HTTP_PORT
            : secure == read.management().port()
                ? Settings.MANAGEMENT_PORT
                : read.media().tcp().enabled() && secure == read.media().tcp().port()
                    ? Settings.MEDIA_TCP_PORT
                    : null;
    if (other != null) {
      throw refused(Settings.TURN_TLS_PORT, "another one than " + other.key(), secure);
    }
  }

  /// A port outside is one of an advertised address.
  private static void checkOutside(ServerConfig.Media media) {
    if (!media.advertised().isEmpty()) {
      return;
    }
    if (media.candidates().advertisedPort() != 0) {
      throw refused(
          Settings.MEDIA_ADVERTISED_PORT,
          "0 while media.advertised is empty",
          media.candidates().advertisedPort());
    }
    if (media.tcp().advertisedPort() != 0) {
      throw refused(
          Settings.MEDIA_TCP_ADVERTISED_PORT,
          "0 while media.advertised is empty",
          media.tcp().advertisedPort());
    }
  }

  private void checkTls(ServerConfig.Web web) {
    if ((web.certificate() == null) != (web.key() == null)) {
      throw refused(
          web.key() == null ? Settings.TLS_KEY : Settings.TLS_CERTIFICATE,
          "set, as tls.certificate and tls.key go together",
          "empty");
    }
    if (web.selfSigned() && web.certificate() != null) {
      throw refused(Settings.TLS_SELF_SIGNED, "false where tls.certificate is set", "true");
    }
  }

  private void checkAccess(ServerConfig read) {
    ServerConfig.Auth auth = read.auth();
    String jwks = auth.jwks();
    if (jwks.startsWith("http:")) {
      throw refused(Settings.AUTH_JWKS, "a file or an https URL", jwks);
    }
    if (!jwks.startsWith("https:")) {
      path(Settings.AUTH_JWKS);
    }
    if (!auth.requiresTokens()
        && !auth.open()
        && !InetAddress.ofLiteral(read.http().host()).isLoopbackAddress()) {
      throw new InvalidConfigException(
          "http.host must be a loopback address such as 127.0.0.1, not "
              + read.http().host()
              + ", while neither auth.keys nor auth.jwks is set: anyone could enter any room. "
              + "Set keys, or auth.open = true if that is meant");
    }
    if (read.limits().waitingRoom() && !auth.requiresTokens()) {
      throw refused(
          Settings.ROOM_WAITING,
          "false while neither auth.keys nor auth.jwks is set: nobody would be a host",
          "true");
    }
    if (auth.signedLive() && auth.keys().isEmpty()) {
      throw refused(Settings.LIVE_SIGNED, "false while auth.keys is empty: they sign", "true");
    }
    if (!read.events().webhooks().isEmpty() && auth.keys().isEmpty()) {
      throw refused(Settings.WEBHOOK_URLS, "empty while auth.keys is: events are signed", "set");
    }
  }

  @Nullable Path path(Setting<String> setting) {
    String text = value(setting);
    try {
      return text.isEmpty() ? null : Path.of(text);
    } catch (InvalidPathException e) {
      throw refused(setting, setting.type().allowed(), text);
    }
  }

  <T> T value(Setting<T> setting) {
    Object raw = config.hasPath(setting.key()) ? config.getValue(setting.key()).unwrapped() : null;
    T read;
    try {
      read = raw == null ? null : setting.type().reader().apply(raw);
    } catch (IllegalArgumentException e) {
      throw new InvalidConfigException(
          setting.key() + " " + MaskedUrl.in(String.valueOf(e.getMessage())));
    }
    if (read == null) {
      Object shown = raw == null ? "nothing" : setting.secret() ? "what it is" : raw;
      throw refused(setting, setting.type().allowed(), shown);
    }
    return read;
  }

  static InvalidConfigException refused(Setting<?> setting, String allowed, Object value) {
    return new InvalidConfigException(
        setting.key() + " must be " + allowed + ", not " + MaskedUrl.in(String.valueOf(value)));
  }
}
