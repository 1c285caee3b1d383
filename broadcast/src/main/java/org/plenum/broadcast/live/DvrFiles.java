package org.plenum.broadcast.live;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.plenum.broadcast.hls.Playlists;

/// The files of a broadcast that are on a disk at one moment, by their paths. Immutable.
///
/// @param folder where they are
/// @param ranges by the renditions' folders
record DvrFiles(Path folder, Map<String, Range> ranges) {
  static final DvrFiles NONE = new DvrFiles(Path.of(""), Map.of());

  private static final Pattern NAME =
      Pattern.compile(
          "([a-z0-9]{1,8})/(\\d{1,18})("
              + Pattern.quote(Playlists.SEGMENT_SUFFIX)
              + "|"
              + Pattern.quote(Playlists.INIT_SUFFIX)
              + ")");

  /// What there is of a rendition.
  ///
  /// @param first media sequence number of the oldest segment
  /// @param next of the one after the last
  /// @param firstInit number of the oldest initialization segment
  record Range(long first, long next, long firstInit, boolean isSound) {}

  /// Reads a file; null if there is none of that name. Blocks for the disk.
  ///
  /// @param id of the broadcast
  @Nullable LiveFile find(String id, String path) {
    String prefix = id + "/";
    Matcher name = NAME.matcher(path.startsWith(prefix) ? path.substring(prefix.length()) : "");
    Range range = name.matches() ? ranges.get(name.group(1)) : null;
    if (range == null) {
      return null;
    }
    long number = Long.parseLong(name.group(2));
    boolean isInit = name.group(3).equals(Playlists.INIT_SUFFIX);
    if (number < (isInit ? range.firstInit() : range.first()) || number >= range.next()) {
      return null;
    }
    try {
      Path file = folder.resolve(name.group(1)).resolve(name.group(2) + name.group(3));
      byte[] bytes = Files.readAllBytes(file);
      return LiveFile.media(LiveFiles.type(range.isSound()), path, bytes);
    } catch (IOException e) {
      return null; // it has gone meanwhile
    }
  }
}
