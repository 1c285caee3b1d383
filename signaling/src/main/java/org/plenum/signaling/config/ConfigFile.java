package org.plenum.signaling.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.plenum.signaling.protocol.NearestName;

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
    Config config =
        ConfigFactory.parseFile(
            file.toFile(),
            ConfigParseOptions.defaults()
                .setAllowMissing(false)
                .setIncluder(StrictIncluder.create()));
    Set<String> files = new TreeSet<>(Set.of(file.toString()));
    collectFiles(config.root(), files);
    files.forEach(ConfigFile::refuseDoubled);
    return config;
  }

  /// The files that the values came from: those that are included too.
  private static void collectFiles(ConfigObject object, Set<String> files) {
    for (ConfigValue value : object.values()) {
      if (value instanceof ConfigObject inner) {
        collectFiles(inner, files);
      } else if (value.origin().filename() != null) {
        files.add(value.origin().filename());
      }
    }
  }

  private static void refuseDoubled(String file) {
    try {
      String doubled = DoubledKeys.find(Files.readString(Path.of(file)));
      if (doubled != null) {
        throw new InvalidConfigException(file + " gives " + doubled);
      }
    } catch (IOException e) {
      throw new InvalidConfigException("the configuration file " + file + " cannot be read");
    }
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
        String leaf = firstLeaf(key, entry.getValue());
        throw new InvalidConfigException(
            "unknown setting " + leaf + " in " + file + NearestName.hint(leaf, Settings.keys()));
      }
      if (!(entry.getValue() instanceof ConfigObject inner)) {
        throw new InvalidConfigException(
            key + " must hold settings, not " + entry.getValue().unwrapped());
      }
      refuseUnknown(inner, key + ".", file);
    }
  }

  /// Below a group that there is not: the setting in it tells more of what was meant.
  private static String firstLeaf(String key, ConfigValue value) {
    if (!(value instanceof ConfigObject group) || group.isEmpty()) {
      return key;
    }
    String first = new TreeSet<>(group.keySet()).first();
    return firstLeaf(key + "." + first, group.getOrDefault(first, value));
  }

  private static Config defaults() {
    Config config = ConfigFactory.empty();
    for (Setting<?> setting : Settings.all()) {
      config = config.withValue(setting.key(), ConfigValueFactory.fromAnyRef(setting.otherwise()));
    }
    return config;
  }
}
