package org.plenum.signaling.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Where the keys of tokens come from: the settings file, and the one that `auth.keys-file` names.
/// Files that the settings file includes are not looked at. One thread at a time.
public final class KeySource {
  /// What a file looks like; another one tells that it changed.
  private record Version(Path file, Object time, long size) {}

  private final @Nullable Path settings;
  private @Nullable Path keys;
  private List<Version> versions;

  /// @param settings null: there is no settings file
  public KeySource(@Nullable Path settings, ServerConfig.Auth read) {
    this.settings = settings;
    this.keys = read.keysFile();
    this.versions = present();
  }

  /// Whether a file has changed since this was asked last.
  public boolean hasChanged() {
    List<Version> now = present();
    boolean changed = !now.equals(versions);
    versions = now;
    return changed;
  }

  /// The keys as they are now. Throws InvalidConfigException.
  public List<ApiKey> read() {
    ServerConfig.Auth auth = ConfigFile.load(settings).auth();
    keys = auth.keysFile();
    versions = present();
    return auth.keys();
  }

  private List<Version> present() {
    return Stream.of(settings, keys).filter(Objects::nonNull).map(KeySource::version).toList();
  }

  private static Version version(Path file) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return new Version(file, attributes.lastModifiedTime(), attributes.size());
    } catch (IOException e) {
      return new Version(file, "missing for now", -1);
    }
  }
}
