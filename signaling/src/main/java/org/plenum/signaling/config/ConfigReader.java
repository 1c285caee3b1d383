package org.plenum.signaling.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.candidate.AdvertisedAddress;
import org.plenum.ice.port.MediaPortKind;
import org.plenum.sfu.SfuConfig;
import org.plenum.signaling.protocol.IceServer;
import org.plenum.signaling.protocol.TurnServer;

/// Makes the record out of HOCON; every refusal names the key, its value and what is allowed.
final class ConfigReader {
  private static final int MAX_WORKERS = 256;

  /// So that nothing is ever looked up by name: digits and dots, or with a colon for IPv6.
  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

  private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(%\\w+)?");

  private static final int MOST_DRAIN_SECONDS = 86_400;

  private final Config config;

  private ConfigReader(Config config) {
    this.config = config;
  }

  static ServerConfig read(Config config) {
    ConfigReader reader = new ConfigReader(config);
    ServerConfig read =
        new ServerConfig(
            reader.listener("http"),
            reader.listener("management"),
            reader.media(),
            iceServers(config),
            reader.turn(),
            Duration.ofSeconds(reader.integer("drain.seconds", 0, MOST_DRAIN_SECONDS)));
    reader.checkPorts(read);
    return read;
  }

  static List<IceServer> iceServers(Config config) {
    try {
      return config.getConfigList("ice.servers").stream().map(ConfigReader::iceServer).toList();
    } catch (ConfigException | IllegalArgumentException e) {
      throw new InvalidConfigException(
          "ice.servers must be a list of { urls = [\"stun:…\"], username, credential }: "
              + e.getMessage());
    }
  }

  private @Nullable TurnServer turn() {
    List<String> urls =
        list("turn.urls", "a list of turn: and turns: URLs", url -> url.matches("turns?:\\S+"));
    String secret = text("turn.secret");
    if (urls.isEmpty() != secret.isEmpty()) {
      throw new InvalidConfigException("turn.urls and turn.secret go together: set both or none");
    }
    return urls.isEmpty() ? null : new TurnServer(urls, secret);
  }

  private static IceServer iceServer(Config server) {
    for (String key : server.root().keySet()) {
      if (!List.of("urls", "username", "credential").contains(key)) {
        throw new IllegalArgumentException("unknown field " + key);
      }
    }
    return new IceServer(
        server.getStringList("urls"), optional(server, "username"), optional(server, "credential"));
  }

  private static @Nullable String optional(Config server, String key) {
    return server.hasPath(key) ? server.getString(key) : null;
  }

  private ServerConfig.Listener listener(String key) {
    String host = text(key + ".host");
    if (!isLiteral(host)) {
      throw refused(key + ".host", "a literal IP address", host);
    }
    return new ServerConfig.Listener(host, integer(key + ".port", 0, 65_535));
  }

  private ServerConfig.Media media() {
    return new ServerConfig.Media(
        integer("media.port", 0, 65_535),
        integer("media.workers", 0, MAX_WORKERS),
        addresses("media.bind"),
        advertised("media.advertised"),
        flag("media.offer-loopback"),
        io("media.io"),
        new SfuConfig.Tcp(flag("media.tcp.enabled"), integer("media.tcp.port", 0, 65_535)),
        new SfuConfig.Stun(flag("media.stun-server"), stunServers("media.stun-mapping")));
  }

  private void checkPorts(ServerConfig read) {
    for (String advertised : read.media().advertised()) {
      int first = AdvertisedAddress.parse(advertised).port();
      if (first + read.media().effectiveWorkers() - 1 > 65_535) {
        throw refused("media.advertised", "ports so small that each worker has one", advertised);
      }
    }
    int last = read.media().port() + read.media().effectiveWorkers() - 1;
    if (last > 65_535) {
      throw refused(
          "media.port",
          "so small that each of " + read.media().effectiveWorkers() + " workers has a port",
          read.media().port());
    }
    int port = read.http().port();
    if (port != 0 && port == read.management().port()) {
      throw refused("management.port", "another one than http.port", port);
    }
  }

  private String text(String key) {
    try {
      return config.getString(key);
    } catch (ConfigException e) {
      throw refused(key, "a string", raw(key));
    }
  }

  private int integer(String key, int least, int most) {
    int value;
    try {
      value = config.getInt(key);
    } catch (ConfigException e) {
      throw refused(key, "a number from " + least + " to " + most, raw(key));
    }
    if (value < least || value > most) {
      throw refused(key, "a number from " + least + " to " + most, value);
    }
    return value;
  }

  private boolean flag(String key) {
    try {
      return config.getBoolean(key);
    } catch (ConfigException e) {
      throw refused(key, "true or false", raw(key));
    }
  }

  private List<String> addresses(String key) {
    return list(key, "a list of literal IP addresses", ConfigReader::isLiteral);
  }

  private List<String> advertised(String key) {
    return list(
        key,
        "a list of literal unicast addresses, ADDRESS, ADDRESS:PORT or [ADDRESS]:PORT",
        ConfigReader::isAdvertised);
  }

  private static boolean isAdvertised(String text) {
    try {
      AdvertisedAddress.parse(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private List<String> stunServers(String key) {
    return list(key, "a list of HOST:PORT", SfuConfig.Stun::isServer);
  }

  private List<String> list(String key, String allowed, Predicate<String> isAllowed) {
    List<String> values;
    try {
      values = config.getStringList(key);
    } catch (ConfigException e) {
      throw refused(key, allowed, raw(key));
    }
    for (String value : values) {
      if (!isAllowed.test(value)) {
        throw refused(key, allowed, value);
      }
    }
    return values;
  }

  private MediaPortKind io(String key) {
    String value = text(key);
    for (MediaPortKind kind : MediaPortKind.values()) {
      if (name(kind).equals(value)) {
        return kind;
      }
    }
    String allowed =
        Arrays.stream(MediaPortKind.values())
            .map(ConfigReader::name)
            .collect(Collectors.joining(", "));
    throw refused(key, "one of " + allowed, value);
  }

  private static String name(MediaPortKind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  private static boolean isLiteral(String address) {
    return IPV4.matcher(address).matches() || IPV6.matcher(address).matches();
  }

  private Object raw(String key) {
    return config.hasPath(key) ? config.getValue(key).unwrapped() : "nothing";
  }

  private static InvalidConfigException refused(String key, String allowed, Object value) {
    return new InvalidConfigException(key + " must be " + allowed + ", not " + value);
  }
}
