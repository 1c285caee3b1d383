package org.plenum.signaling.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;

/// Shows the settings to people: as the table of docs/configuration.md, or as a file.
public final class ConfigReference {
  private static final String MASK = "…";

  private ConfigReference() {}

  /// The reference table in Markdown.
  public static String markdown() {
    StringBuilder table =
        new StringBuilder("| key | default | allowed | meaning |\n|---|---|---|---|\n");
    for (Setting<?> setting : Settings.all()) {
      table
          .append("| `")
          .append(setting.key())
          .append("` | `")
          .append(rendered(ConfigValueFactory.fromAnyRef(setting.otherwise())))
          .append("` | ")
          .append(setting.type().name())
          .append(" | ")
          .append(setting.help())
          .append(" |\n");
    }
    return table.toString();
  }

  /// The settings in force, each under what it means.
  static String hocon(Config config) {
    StringBuilder file = new StringBuilder();
    for (Setting<?> setting : Settings.all()) {
      ConfigValue value = config.getValue(setting.key());
      boolean masked = setting.secret() && !value.unwrapped().equals(setting.otherwise());
      file.append("# ")
          .append(setting.help())
          .append('\n')
          .append(setting.key())
          .append(" = ")
          .append(masked ? '"' + MASK + '"' : MaskedUrl.in(rendered(value)))
          .append('\n');
    }
    return file.toString();
  }

  private static String rendered(ConfigValue value) {
    return value.render(ConfigRenderOptions.concise());
  }
}
