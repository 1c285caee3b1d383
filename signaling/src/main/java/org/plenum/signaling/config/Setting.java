package org.plenum.signaling.config;

import java.util.Locale;

/// One setting: what the reader checks, the documents show and `--print-config` explains.
///
/// @param key in HOCON, dots and dashes
/// @param otherwise its default, as HOCON holds it
/// @param help one or two sentences for the operator
/// @param secret whether its value is never shown
record Setting<T>(String key, SettingType<T> type, Object otherwise, String help, boolean secret) {
  /// Its name in the environment: `http.port` is `PLENUM_HTTP_PORT`.
  String environmentName() {
    return "PLENUM_" + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }
}
