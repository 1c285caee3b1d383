package org.plenum.signaling.config;

import com.typesafe.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A file with keys of tokens, `id: secret` pairs in HOCON as in the environment.
final class KeysFile {
  /// Some hundred keys; more is another file.
  private static final long MOST_BYTES = 64 * 1024;

  private KeysFile() {}

  /// Throws InvalidConfigException, which never repeats what stands in the file.
  static List<ApiKey> read(Path file) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw refused(file, "must have at most " + MOST_BYTES + " bytes");
      }
      String text = Files.readString(file);
      Object value = Environment.hocon(Settings.AUTH_KEYS, text).unwrapped();
      List<ApiKey> keys = Settings.AUTH_KEYS.type().reader().apply(value);
      if (keys == null) {
        throw refused(file, "must hold " + Settings.AUTH_KEYS.type().allowed());
      }
      return keys;
    } catch (ConfigException e) {
      throw refused(file, "must hold " + Settings.AUTH_KEYS.type().allowed() + ", in HOCON");
    } catch (IllegalArgumentException e) {
      throw refused(file, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw refused(file, "cannot be read: " + e.getClass().getSimpleName());
    }
  }

  private static InvalidConfigException refused(Path file, String why) {
    return new InvalidConfigException(Settings.AUTH_KEYS_FILE.key() + " " + file + " " + why);
  }
}
