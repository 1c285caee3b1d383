package org.plenum.broadcast.live;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.plenum.broadcast.hls.Playlists;
import org.plenum.broadcast.hls.Rendition;

/// The files of a broadcast at one moment, by their paths. Pure.
final class LiveFiles {
  /// RFC 8216 §4.
  private static final String PLAYLIST_TYPE = "application/vnd.apple.mpegurl";

  private static final String VIDEO_TYPE = "video/mp4";

  private static final String SOUND_TYPE = "audio/mp4";

  private static final int DIGEST_BYTES = 12;

  /// RFC 8216 §6.3.3: players begin three target durations before the end.
  private static final int LEAST_SEGMENTS = 3;

  /// It is behind the picture.
  private static final int LEAST_SOUND = 2;

  /// The multivariant playlist.
  static final String INDEX = "index.m3u8";

  private LiveFiles() {}

  /// Whether a player can begin: there is as much as it keeps behind the live edge, and the
  /// multivariant playlist, which players load once, names all that there is.
  ///
  /// @param hasSound whether sound is to be expected
  static boolean suffice(List<Rendition> renditions, Rendition sound, boolean hasSound) {
    return !renditions.isEmpty()
        && renditions.getFirst().listed().size() >= LEAST_SEGMENTS
        && renditions.stream().noneMatch(rendition -> rendition.listed().isEmpty())
        && (!hasSound || sound.listed().size() >= LEAST_SOUND);
  }

  /// @param id the folder in which all files but [#INDEX] lie: another for each broadcast, so that
  ///     no cache gives out files of an earlier one
  /// @param zero the wall time of the programme's tick 0
  static Map<String, LiveFile> of(
      String id, List<Rendition> renditions, Rendition sound, Instant zero, boolean ended) {
    Map<String, LiveFile> files = new HashMap<>();
    if (renditions.stream().allMatch(rendition -> rendition.listed().isEmpty())) {
      return files;
    }
    files.put(INDEX, playlist(Playlists.multivariant(renditions, sound, id + "/")));
    List<Rendition> all = new ArrayList<>(renditions);
    all.add(sound);
    for (Rendition rendition : all) {
      String folder = id + "/" + rendition.folder() + "/";
      files.put(folder + INDEX, playlist(Playlists.media(rendition.listed(), zero, ended)));
      for (Rendition.Entry entry : rendition.served()) {
        String segment = folder + entry.number() + Playlists.SEGMENT_SUFFIX;
        files.put(segment, media(rendition, segment, entry.segment().bytes()));
        String init = folder + entry.initNumber() + Playlists.INIT_SUFFIX;
        files.put(init, media(rendition, init, entry.segment().init().bytes()));
      }
    }
    return files;
  }

  private static LiveFile playlist(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new LiveFile(bytes, gzip(bytes), PLAYLIST_TYPE, '"' + digest(bytes) + '"', false);
  }

  /// @param path tells its bytes already: no other file ever has it
  private static LiveFile media(Rendition rendition, String path, byte[] bytes) {
    String type = rendition.isSound() ? SOUND_TYPE : VIDEO_TYPE;
    return new LiveFile(bytes, null, type, '"' + path + '"', true);
  }

  /// Once for everybody.
  private static byte[] gzip(byte[] bytes) {
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static String digest(byte[] bytes) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(hash, 0, DIGEST_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
