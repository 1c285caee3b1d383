package org.plenum.signaling.recording;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.plenum.signaling.recording.EbmlFile.Element;

/// What a WebM file holds, as a browser's MediaRecorder writes it: live, without lengths, and
/// perhaps cut off in the middle of a block.
///
/// @param header the EBML header
/// @param info null if it is missing
/// @param clusters whole blocks only
/// @param mainTrack number of the track whose key frames say where one can begin: the video's, if
/// there is one
/// @param scale nanoseconds of one unit of time
/// @param units that it lasts
record WebmClusters(
    Element header,
    @Nullable Element info,
    Element tracks,
    long mainTrack,
    List<Cluster> clusters,
    long scale,
    long units) {
  static final long EBML = 0x1A45DFA3L;
  static final long SEGMENT = 0x18538067L;
  static final long INFO = 0x1549A966L;
  static final long TRACKS = 0x1654AE6BL;
  static final long CLUSTER = 0x1F43B675L;
  static final long SCALE = 0x2AD7B1L;

  /// Clusters of a file: 55 hours of one a second.
  static final int MAX_CLUSTERS = 200_000;

  /// Bytes of info and of tracks; browsers need some hundred.
  static final int MAX_PART = 1 << 20;

  private static final long DEFAULT_SCALE = 1_000_000;
  private static final long MAX_SCALE = 1_000_000_000;
  private static final long MAX_UNITS = 1L << 40;
  private static final long TIMESTAMP = 0xE7;
  private static final long SIMPLE_BLOCK = 0xA3;
  private static final long BLOCK_GROUP = 0xA0;
  private static final long BLOCK = 0xA1;
  private static final long REFERENCE = 0xFB;
  private static final long TRACK_ENTRY = 0xAE;
  private static final long TRACK_NUMBER = 0xD7;
  private static final long TRACK_TYPE = 0x83;
  private static final int VIDEO = 1;

  /// Where a cluster of unknown size ends: at the next of these.
  private static final Set<Long> TOP_LEVEL =
      Set.of(
          CLUSTER, INFO, TRACKS, 0x114D9B74L, 0x1C53BB6BL, 0x1941A469L, 0x1043A770L, 0x1254C367L);

  /// A cluster.
  ///
  /// @param body offset of its content
  /// @param end of its last whole block
  /// @param timestamp in units
  /// @param seekable whether a decoder can begin with it
  record Cluster(long body, long end, long timestamp, boolean seekable) {}

  WebmClusters {
    clusters = List.copyOf(clusters);
  }

  /// Throws IOException if it is no WebM, or none that was begun properly.
  static WebmClusters read(EbmlFile file) throws IOException {
    return new Reader(file).read();
  }

  private static final class Reader {
    private final EbmlFile file;
    private final List<Cluster> clusters = new ArrayList<>();
    private @Nullable Element info;
    private @Nullable Element tracks;
    private long scale = DEFAULT_SCALE;
    private long video = -1;
    private long latest;
    private long previous;

    Reader(EbmlFile file) {
      this.file = file;
    }

    WebmClusters read() throws IOException {
      Element header = require(file.at(0, file.length()), EBML, "an EBML header");
      Element segment = require(file.at(header.end(), file.length()), SEGMENT, "a segment");
      long end = end(segment, file.length());
      long at = segment.body();
      for (Element child = file.at(at, end); child != null; child = file.at(at, end)) {
        if (child.id() == CLUSTER) {
          at = cluster(child, end);
        } else if (child.size() == EbmlFile.UNKNOWN || child.end() > end) {
          break;
        } else {
          note(child);
          at = child.end();
        }
      }
      if (tracks == null || clusters.isEmpty()) {
        throw new IOException("it has no tracks, or nothing in them");
      }
      if (tracks.size() > MAX_PART || (info != null && info.size() > MAX_PART)) {
        throw new IOException("its description has more than " + MAX_PART + " bytes");
      }
      long last = Math.max(1, latest - previous);
      return new WebmClusters(
          header, info, tracks, video < 0 ? 1 : video, clusters, scale, latest + last);
    }

    private void note(Element child) throws IOException {
      if (child.id() == INFO && info == null) {
        info = child;
        Element value = find(child, SCALE);
        long said = value == null ? DEFAULT_SCALE : file.number(value.body(), value.size());
        scale = said > 0 && said <= MAX_SCALE ? said : DEFAULT_SCALE;
      } else if (child.id() == TRACKS && tracks == null) {
        tracks = child;
        findVideo(child);
      }
    }

    private void findVideo(Element list) throws IOException {
      long at = list.body();
      for (Element entry = child(list, at); entry != null; entry = child(list, at)) {
        if (entry.id() == TRACK_ENTRY && video < 0) {
          Element type = find(entry, TRACK_TYPE);
          Element number = find(entry, TRACK_NUMBER);
          if (type != null && number != null && file.number(type.body(), type.size()) == VIDEO) {
            video = file.number(number.body(), number.size());
          }
        }
        at = entry.end();
      }
    }

    /// Returns where the next element of the segment begins, or its end.
    private long cluster(Element cluster, long segmentEnd) throws IOException {
      long end = end(cluster, segmentEnd);
      boolean open = cluster.size() == EbmlFile.UNKNOWN;
      long at = cluster.body();
      long timestamp = 0;
      Boolean seekable = null;
      boolean hasBlocks = false;
      for (Element child = file.at(at, end); child != null; child = file.at(at, end)) {
        if (open && TOP_LEVEL.contains(child.id())) {
          break;
        }
        if (child.size() == EbmlFile.UNKNOWN || child.end() > end) {
          break; // cut off: what follows is not to be had
        }
        if (child.id() == TIMESTAMP) {
          timestamp = Math.min(MAX_UNITS, file.number(child.body(), child.size()) & Long.MAX_VALUE);
        }
        Element block = child.id() == BLOCK_GROUP ? find(child, BLOCK) : child;
        boolean isBlock =
            child.id() == SIMPLE_BLOCK || (child.id() == BLOCK_GROUP && block != null);
        if (isBlock && block != null) {
          hasBlocks = true;
          boolean first = seekable == null && isOfMainTrack(block);
          if (first) {
            seekable = isKeyFrame(child, block);
          }
          time(block, timestamp);
        }
        at = child.end();
      }
      if (hasBlocks && clusters.size() < MAX_CLUSTERS) {
        boolean begins = seekable == null ? video < 0 : seekable;
        clusters.add(new Cluster(cluster.body(), at, timestamp, begins));
      }
      return open ? at : end;
    }

    private boolean isOfMainTrack(Element block) throws IOException {
      int length = file.prefixLength(block.body(), block.end(), 8);
      long number = file.number(block.body(), length) & (1L << (7 * length)) - 1;
      return video < 0 || number == video;
    }

    private boolean isKeyFrame(Element outer, Element block) throws IOException {
      if (outer.id() == BLOCK_GROUP) {
        return find(outer, REFERENCE) == null;
      }
      long flags = block.body() + file.prefixLength(block.body(), block.end(), 8) + 2;
      return flags < block.end() && (file.byteAt(flags) & 0x80) != 0;
    }

    private void time(Element block, long timestamp) throws IOException {
      long at = block.body() + file.prefixLength(block.body(), block.end(), 8);
      if (at + 2 > block.end()) {
        return;
      }
      long time = timestamp + (short) file.number(at, 2);
      if (time > latest) {
        previous = latest;
        latest = time;
      }
    }

    private @Nullable Element find(Element parent, long id) throws IOException {
      long at = parent.body();
      for (Element child = child(parent, at); child != null; child = child(parent, at)) {
        if (child.id() == id) {
          return child;
        }
        at = child.end();
      }
      return null;
    }

    /// A whole child of an element of known size; null if there is none.
    private @Nullable Element child(Element parent, long at) throws IOException {
      Element child = file.at(at, parent.end());
      boolean whole =
          child != null && child.size() != EbmlFile.UNKNOWN && child.end() <= parent.end();
      return whole ? child : null;
    }

    private static long end(Element element, long most) {
      boolean open = element.size() == EbmlFile.UNKNOWN;
      return open ? most : Math.min(most, element.end());
    }

    private static Element require(@Nullable Element element, long id, String what)
        throws IOException {
      if (element == null || element.id() != id) {
        throw new IOException("it is no WebM: " + what + " is missing");
      }
      return element;
    }
  }
}
