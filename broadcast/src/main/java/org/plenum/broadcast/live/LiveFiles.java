package org.plenum.broadcast.live;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.plenum.broadcast.hls.Part;
import org.plenum.broadcast.hls.Playlists;
import org.plenum.broadcast.hls.Rendition;

/// The files of a broadcast at one moment, by their paths. Immutable.
final class LiveFiles {
  private static final String VIDEO_TYPE = "video/mp4";

  private static final String SOUND_TYPE = "audio/mp4";

  /// RFC 8216 §6.3.3: players begin three target durations before the end.
  private static final int LEAST_SEGMENTS = 3;

  /// It is behind the picture.
  private static final int LEAST_SOUND = 2;

  /// A playlist: the multivariant one, or in a rendition's folder that of its media.
  static final String INDEX = "index.m3u8";

  /// Before there is something to be watched, and after it is forgotten.
  static final LiveFiles NONE = new LiveFiles("", Map.of(), Map.of(), Map.of(), DvrFiles.NONE);

  private static final Pattern PART =
      Pattern.compile("(.*/)(\\d{1,18})\\.(\\d{1,4})" + Pattern.quote(Playlists.SEGMENT_SUFFIX));

  /// A part by its file's name.
  record PartName(String playlist, long number, int part) {}

  private final String id;
  private final Map<String, LiveFile> files;
  private final Map<String, LiveFile> deltas;
  private final Map<String, LiveEdge> edges;
  private final DvrFiles older;

  private LiveFiles(
      String id,
      Map<String, LiveFile> files,
      Map<String, LiveFile> deltas,
      Map<String, LiveEdge> edges,
      DvrFiles older) {
    this.id = id;
    this.older = older;
    this.files = files;
    this.deltas = deltas;
    this.edges = edges;
  }

  /// Whether a player can begin: there is as much as it keeps behind the live edge, and the
  /// multivariant playlist, which players load once, names all that there is.
  static boolean suffice(List<Rendition> renditions, Rendition sound) {
    return !renditions.isEmpty()
        && renditions.getFirst().listed().size() >= LEAST_SEGMENTS
        && renditions.stream().noneMatch(rendition -> rendition.listed().isEmpty())
        && sound.listed().size() >= LEAST_SOUND;
  }

  /// @param id the folder in which all files but [#INDEX] lie: another for each broadcast, so that
  ///     no cache gives out files of an earlier one
  /// @param zero the wall time of the programme's tick 0
  static LiveFiles of(
      String id, List<Rendition> renditions, Rendition sound, Instant zero, boolean ended) {
    return of(id, renditions, sound, zero, ended, null);
  }

  /// With what viewers can go back to.
  static LiveFiles of(
      String id,
      List<Rendition> renditions,
      Rendition sound,
      Instant zero,
      boolean ended,
      @Nullable Dvr dvr) {
    if (renditions.stream().allMatch(rendition -> rendition.listed().isEmpty())) {
      return NONE;
    }
    Map<String, LiveFile> files = new HashMap<>();
    Map<String, LiveFile> deltas = new HashMap<>();
    Map<String, LiveEdge> edges = new HashMap<>();
    String multivariant = Playlists.multivariant(renditions, sound, id + "/");
    files.put(INDEX, LiveFile.playlist(() -> multivariant));
    List<Rendition> all = new ArrayList<>(renditions);
    all.add(sound);
    List<Playlists.Report> reports = new ArrayList<>();
    for (Rendition rendition : all) {
      reports.add(
          new Playlists.Report(
              "../" + rendition.folder() + "/" + INDEX,
              dvr == null ? rendition.listing() : dvr.listing(rendition)));
    }
    for (int i = 0; i < all.size(); i++) {
      Rendition rendition = all.get(i);
      Rendition.Listing listing = reports.get(i).listing();
      List<Playlists.Report> others = new ArrayList<>(reports);
      others.remove(i);
      String folder = id + "/" + rendition.folder() + "/";
      String playlist = folder + INDEX;
      files.put(
          playlist, LiveFile.playlist(() -> Playlists.media(listing, zero, others, ended, false)));
      deltas.put(
          playlist, LiveFile.playlist(() -> Playlists.media(listing, zero, others, ended, true)));
      edges.put(playlist, LiveEdge.of(listing, ended));
      putMedia(files, rendition, folder);
    }
    return new LiveFiles(
        id,
        Map.copyOf(files),
        Map.copyOf(deltas),
        Map.copyOf(edges),
        dvr == null ? DvrFiles.NONE : dvr.files());
  }

  private static void putMedia(Map<String, LiveFile> files, Rendition rendition, String folder) {
    String type = type(rendition.isSound());
    for (Rendition.Entry entry : rendition.served()) {
      String segment = folder + Playlists.segmentFile(entry.number());
      files.put(segment, LiveFile.media(type, segment, entry.segment().bytes()));
      putParts(files, type, folder, entry.number(), entry.parts());
      String init = folder + entry.initNumber() + Playlists.INIT_SUFFIX;
      files.put(init, LiveFile.media(type, init, entry.segment().init().bytes()));
    }
    Rendition.Open open = rendition.listing().open();
    if (open != null) {
      putParts(files, type, folder, open.number(), open.parts());
      String init = folder + open.initNumber() + Playlists.INIT_SUFFIX;
      files.put(init, LiveFile.media(type, init, open.init().bytes()));
    }
  }

  private static void putParts(
      Map<String, LiveFile> files, String type, String folder, long number, List<Part> parts) {
    for (int i = 0; i < parts.size(); i++) {
      String name = folder + Playlists.partFile(number, i);
      files.put(name, LiveFile.media(type, name, parts.get(i).bytes()));
    }
  }

  /// The media type of files.
  static String type(boolean isSound) {
    return isSound ? SOUND_TYPE : VIDEO_TYPE;
  }

  boolean isEmpty() {
    return files.isEmpty();
  }

  /// All paths of what is in memory.
  Set<String> paths() {
    return files.keySet();
  }

  /// Null if there is none of that name. May read from a disk.
  @Nullable LiveFile find(String path) {
    LiveFile file = files.get(path);
    return file == null ? older.find(id, path) : file;
  }

  /// A media playlist without what clients know for long; else as [#find].
  @Nullable LiveFile delta(String path) {
    LiveFile delta = deltas.get(path);
    return delta == null ? find(path) : delta;
  }

  /// How far a media playlist is; null if it is none.
  @Nullable LiveEdge edge(String path) {
    return edges.get(path);
  }

  /// Null if that is no part's name.
  static @Nullable PartName part(String path) {
    Matcher name = PART.matcher(path);
    if (!name.matches()) {
      return null;
    }
    return new PartName(
        name.group(1) + INDEX, Long.parseLong(name.group(2)), Integer.parseInt(name.group(3)));
  }
}
