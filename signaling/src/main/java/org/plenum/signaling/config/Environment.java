package org.plenum.signaling.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.util.Map;
import java.util.regex.Pattern;
import org.plenum.signaling.protocol.NearestName;

/// Settings in the environment: `PLENUM_HTTP_PORT=80` sets `http.port`.
final class Environment {
  private static final String PREFIX = "PLENUM_";

  /// Kubernetes puts these into every container beside a service that is named plenum.
  private static final Pattern KUBERNETES =
      Pattern.compile("PLENUM_(SERVICE_(HOST|PORT.*)|PORT(_.*)?)");

  private Environment() {}

  /// Throws InvalidConfigException for a name that begins like ours and is none.
  static Config settings(Map<String, String> environment) {
    Config config = ConfigFactory.empty();
    for (Map.Entry<String, String> entry : environment.entrySet()) {
      String name = entry.getKey();
      if (name.startsWith(PREFIX) && !KUBERNETES.matcher(name).matches()) {
        Setting<?> setting = setting(name);
        config = config.withValue(setting.key(), value(setting, entry.getValue()));
      }
    }
    return config;
  }

  private static Setting<?> setting(String name) {
    return Settings.all().stream()
        .filter(setting -> setting.environmentName().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidConfigException(
                    "unknown setting "
                        + name
                        + " in the environment"
                        + NearestName.hint(
                            name, Settings.all().stream().map(Setting::environmentName).toList())));
  }

  private static ConfigValue value(Setting<?> setting, String text) {
    if (!setting.type().structured()) {
      return ConfigValueFactory.fromAnyRef(text);
    }
    try {
      return hocon(setting, text);
    } catch (ConfigException e) {
      // Without the parser's words: they repeat the text, which may be a secret.
      throw new InvalidConfigException(
          setting.environmentName() + " must be " + setting.type().allowed() + ", in HOCON");
    }
  }

  /// Throws ConfigException, whose words may repeat the text.
  static ConfigValue hocon(Setting<?> setting, String text) {
    return ConfigFactory.parseString("value = " + framed(setting, text)).getValue("value");
  }

  /// Brackets may be left out: `a: b` and `"a", "b"` do.
  private static String framed(Setting<?> setting, String text) {
    String stripped = text.strip();
    if (stripped.startsWith("[") || stripped.startsWith("{")) {
      return stripped;
    }
    return setting.otherwise() instanceof Map ? "{" + text + "}" : "[" + quoted(text) + "]";
  }

  /// Addresses and URLs hold colons and slashes, which HOCON wants in quotes.
  private static String quoted(String text) {
    if (text.isBlank() || text.contains("\"")) {
      return text;
    }
    return '"' + String.join("\",\"", text.strip().split("\\s*,\\s*", -1)) + '"';
  }
}
