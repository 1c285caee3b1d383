package org.plenum.signaling.recording;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.plenum.signaling.recording.EbmlFile.Element;
import org.plenum.signaling.recording.WebmClusters.Cluster;

/// Writes a browser's live WebM anew with its duration, the lengths of its parts and an index in
/// front (Matroska, RFC 9559 §5.1), so that players can seek in it. Frames are copied as they are.
final class SeekableWebm {
  private static final long SEEK_HEAD = 0x114D9B74L;
  private static final int SEEK = 0x4DBB;
  private static final int SEEK_ID = 0x53AB;
  private static final int SEEK_POSITION = 0x53AC;
  private static final int SEEK_SIZE = 21;
  private static final int DURATION = 0x4489;
  private static final long CUES = 0x1C53BB6BL;
  private static final int CUE_POINT = 0xBB;
  private static final int CUE_TIME = 0xB3;
  private static final int CUE_TRACK_POSITIONS = 0xB7;
  private static final int CUE_TRACK = 0xF7;
  private static final int CUE_CLUSTER_POSITION = 0xF1;
  private static final int CUE_SIZE = 34;

  /// ID and length of an element of the top level: 4 and 8 bytes.
  private static final int HEAD = 12;

  private SeekableWebm() {}

  /// Throws IOException if `live` is no WebM that can be understood; `seekable` is of no use then.
  ///
  /// @return how many seconds it has
  static double write(Path live, Path seekable) throws IOException {
    try (FileChannel in = FileChannel.open(live);
        FileChannel out =
            FileChannel.open(
                seekable,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
      var file = new EbmlFile(in);
      WebmClusters webm = WebmClusters.read(file);
      write(file, in, webm, out);
      out.force(true);
      return webm.units() * (webm.scale() / 1e9);
    }
  }

  private static void write(EbmlFile file, FileChannel in, WebmClusters webm, FileChannel out)
      throws IOException {
    byte[] info = info(file, in, webm);
    byte[] tracks = bytes(in, webm.tracks().at(), webm.tracks().end());
    long cues = webm.clusters().stream().filter(Cluster::seekable).count();
    long infoAt = HEAD + 3L * SEEK_SIZE;
    long tracksAt = infoAt + info.length;
    long cuesAt = tracksAt + tracks.length;
    long clustersAt = cuesAt + HEAD + cues * CUE_SIZE;
    long size = clustersAt;
    for (Cluster cluster : webm.clusters()) {
      size += HEAD + cluster.end() - cluster.body();
    }
    copy(in, webm.header().at(), webm.header().end(), out);
    var buffer = new ByteArrayOutputStream();
    var front = new DataOutputStream(buffer);
    head(front, WebmClusters.SEGMENT, size);
    head(front, SEEK_HEAD, 3L * SEEK_SIZE);
    seek(front, WebmClusters.INFO, infoAt);
    seek(front, WebmClusters.TRACKS, tracksAt);
    seek(front, CUES, cuesAt);
    front.write(info);
    front.write(tracks);
    head(front, CUES, cues * CUE_SIZE);
    long at = clustersAt;
    for (Cluster cluster : webm.clusters()) {
      if (cluster.seekable()) {
        cue(front, cluster.timestamp(), webm.mainTrack(), at);
      }
      at += HEAD + cluster.end() - cluster.body();
    }
    write(out, buffer);
    for (Cluster cluster : webm.clusters()) {
      buffer.reset();
      head(front, WebmClusters.CLUSTER, cluster.end() - cluster.body());
      write(out, buffer);
      copy(in, cluster.body(), cluster.end(), out);
    }
  }

  /// The former info with another duration.
  private static byte[] info(EbmlFile file, FileChannel in, WebmClusters webm) throws IOException {
    var body = new ByteArrayOutputStream();
    Element info = webm.info();
    if (info != null) {
      long at = info.body();
      for (Element child = file.at(at, info.end());
          child != null && child.size() != EbmlFile.UNKNOWN && child.end() <= info.end();
          child = file.at(at, info.end())) {
        if (child.id() != DURATION) {
          body.write(bytes(in, child.at(), child.end()));
        }
        at = child.end();
      }
    }
    var written = new ByteArrayOutputStream();
    var data = new DataOutputStream(body);
    data.writeShort(DURATION);
    data.writeByte(0x88);
    data.writeDouble(webm.units());
    head(new DataOutputStream(written), WebmClusters.INFO, body.size());
    body.writeTo(written);
    return written.toByteArray();
  }

  private static void head(DataOutputStream out, long id, long size) throws IOException {
    out.writeInt((int) id);
    out.writeLong(size | 1L << 56);
  }

  private static void seek(DataOutputStream out, long id, long position) throws IOException {
    out.writeShort(SEEK);
    out.writeByte(0x80 | SEEK_SIZE - 3);
    out.writeShort(SEEK_ID);
    out.writeByte(0x84);
    out.writeInt((int) id);
    out.writeShort(SEEK_POSITION);
    number(out, position);
  }

  private static void cue(DataOutputStream out, long time, long track, long position)
      throws IOException {
    out.writeByte(CUE_POINT);
    out.writeByte(0x80 | CUE_SIZE - 2);
    out.writeByte(CUE_TIME);
    number(out, time);
    out.writeByte(CUE_TRACK_POSITIONS);
    out.writeByte(0x80 | 20);
    out.writeByte(CUE_TRACK);
    number(out, track);
    out.writeByte(CUE_CLUSTER_POSITION);
    number(out, position);
  }

  private static void number(DataOutputStream out, long value) throws IOException {
    out.writeByte(0x88);
    out.writeLong(value);
  }

  private static byte[] bytes(FileChannel in, long from, long to) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(to - from));
    while (buffer.hasRemaining()) {
      if (in.read(buffer, from + buffer.position()) < 0) {
        throw new IOException("it ends early");
      }
    }
    return buffer.array();
  }

  private static void write(FileChannel out, ByteArrayOutputStream bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes.toByteArray());
    while (buffer.hasRemaining()) {
      out.write(buffer);
    }
  }

  private static void copy(FileChannel in, long from, long to, FileChannel out) throws IOException {
    long at = from;
    while (at < to) {
      long copied = in.transferTo(at, to - at, out);
      if (copied <= 0) {
        throw new IOException("it ends early");
      }
      at += copied;
    }
  }
}
