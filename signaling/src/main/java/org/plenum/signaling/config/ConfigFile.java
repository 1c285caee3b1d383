package org.plenum.signaling.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Layers the settings: environment over file over defaults; and refuses keys that we do not have.
public final class ConfigFile {
  /// Read by its place in our jar: other libraries have a reference.conf too, of no use here.
  private static final Config DEFAULTS = ourDefaults();

  private static final String SERVERS = "ice.servers";
  private static final String TURN_SECRET = "turn.secret";

  private ConfigFile() {}

  /// Throws InvalidConfigException.
  ///
  /// @param file null if there is none
  public static ServerConfig load(@Nullable Path file) {
    return ConfigReader.read(layers(file, ConfigFactory.systemEnvironmentOverrides()));
  }

  /// The settings in force, in HOCON, without secrets.
  public static String print(@Nullable Path file) {
    Config config = layers(file, ConfigFactory.systemEnvironmentOverrides());
    ConfigReader.read(config);
    List<Map<String, Object>> servers =
        ConfigReader.iceServers(config).stream()
            .map(server -> Map.<String, Object>of("urls", server.urls()))
            .toList();
    return config
        .withValue(SERVERS, ConfigValueFactory.fromIterable(servers))
        .withValue(TURN_SECRET, masked(config.getString(TURN_SECRET)))
        .root()
        .render(ConfigRenderOptions.defaults().setOriginComments(false).setJson(false));
  }

  private static ConfigValue masked(String secret) {
    return ConfigValueFactory.fromAnyRef(secret.isEmpty() ? "" : "…");
  }

  /// The settings before they are checked, but for their names.
  static Config layers(@Nullable Path file, Config environment) {
    try {
      Config fromFile = file == null ? ConfigFactory.empty() : parse(file);
      refuseUnknown(fromFile.root(), "", "in " + file);
      refuseUnknown(environment.root(), "", "in the environment (CONFIG_FORCE_…)");
      return environment.withFallback(fromFile).withFallback(DEFAULTS).resolve();
    } catch (ConfigException e) {
      throw new InvalidConfigException("the configuration cannot be read: " + e.getMessage());
    }
  }

  private static Config parse(Path file) {
    if (!Files.isReadable(file)) {
      throw new InvalidConfigException("the configuration file " + file + " cannot be read");
    }
    return ConfigFactory.parseFile(
        file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false));
  }

  private static void refuseUnknown(ConfigObject given, String path, String where) {
    for (Map.Entry<String, ConfigValue> entry : given.entrySet()) {
      String key = path + entry.getKey();
      if (!DEFAULTS.hasPathOrNull(key)) {
        throw new InvalidConfigException(
            "unknown setting " + key + " " + where + "; there are " + String.join(", ", keys()));
      }
      if (entry.getValue() instanceof ConfigObject inner
          && DEFAULTS.getValue(key) instanceof ConfigObject) {
        refuseUnknown(inner, key + ".", where);
      }
    }
  }

  private static Set<String> keys() {
    Set<String> keys = new TreeSet<>();
    DEFAULTS.entrySet().forEach(entry -> keys.add(entry.getKey()));
    return keys;
  }

  private static Config ourDefaults() {
    var resource = ConfigFile.class.getResource("/org/plenum/signaling/reference.conf");
    if (resource == null) {
      throw new IllegalStateException("reference.conf is missing from the jar");
    }
    return ConfigFactory.parseURL(resource);
  }
}
