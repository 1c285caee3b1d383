package org.plenum.signaling.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Layers the settings: environment over file over defaults; and refuses keys that we do not have.
public final class ConfigFile {
  private static final Config DEFAULTS = defaults();

  private ConfigFile() {}

  /// Throws InvalidConfigException.
  ///
  /// @param file null if there is none
  public static ServerConfig load(@Nullable Path file) {
    return ConfigReader.read(layers(file, System.getenv()));
  }

  /// The settings in force, in HOCON with what each means, without secrets.
  public static String print(@Nullable Path file) {
    Config config = layers(file, System.getenv());
    ConfigReader.read(config);
    return ConfigReference.hocon(config);
  }

  /// The settings before they are checked, but for their names.
  static Config layers(@Nullable Path file, Map<String, String> environment) {
    try {
      Config fromFile = file == null ? ConfigFactory.empty() : parse(file);
      refuseUnknown(fromFile.root(), "", file);
      return Environment.settings(environment)
          .withFallback(fromFile)
          .withFallback(DEFAULTS)
          .resolve();
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

  private static void refuseUnknown(ConfigObject given, String path, @Nullable Path file) {
    for (Map.Entry<String, ConfigValue> entry : given.entrySet()) {
      String key = path + entry.getKey();
      if (Settings.all().stream().anyMatch(setting -> setting.key().equals(key))) {
        continue;
      }
      boolean group =
          Settings.all().stream().anyMatch(setting -> setting.key().startsWith(key + "."));
      if (!group) {
        throw new InvalidConfigException(
            "unknown setting " + key + " in " + file + NearestKey.hint(key));
      }
      if (!(entry.getValue() instanceof ConfigObject inner)) {
        throw new InvalidConfigException(
            key + " must hold settings, not " + entry.getValue().unwrapped());
      }
      refuseUnknown(inner, key + ".", file);
    }
  }

  private static Config defaults() {
    Config config = ConfigFactory.empty();
    for (Setting<?> setting : Settings.all()) {
      config = config.withValue(setting.key(), ConfigValueFactory.fromAnyRef(setting.otherwise()));
    }
    return config;
  }
}
