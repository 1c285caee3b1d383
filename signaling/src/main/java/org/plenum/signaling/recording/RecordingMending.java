package org.plenum.signaling.recording;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.plenum.broadcast.box.InitSegment;
import org.plenum.broadcast.recording.RecordingEnd;
import org.plenum.signaling.data.DurableFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes files that broke off ones that players can seek in, as far as the disk has room for that,
/// and says in their manifest what there is of them.
final class RecordingMending {
  private static final Logger LOG = LoggerFactory.getLogger(RecordingMending.class);

  private RecordingMending() {}

  /// @param folder of a recording to which nobody adds any more
  /// @param manifest what is known of it
  static void mend(Path folder, ObjectNode manifest, RecordingEnd end) throws IOException {
    Files.deleteIfExists(folder.resolve(RecordingFolder.RESERVE));
    double length = 0;
    for (JsonNode track : manifest.path("tracks")) {
      for (JsonNode part : track.path("parts")) {
        if (part instanceof ObjectNode json) {
          mendPart(folder, json);
          length =
              Math.max(length, json.path("start").asDouble() + json.path("seconds").asDouble());
        }
      }
    }
    manifest.put("seconds", Math.max(length, manifest.path("seconds").asDouble()));
    RecordingManifest.end(manifest, end);
    DurableFiles.replace(
        folder.resolve(RecordingFolder.MANIFEST), RecordingManifest.bytes(manifest));
  }

  /// What is written in the latest two seconds is in the file, and not in the manifest; where the
  /// disk took it not, it is the other way round.
  private static void mendPart(Path folder, ObjectNode part) throws IOException {
    Path file = folder.resolve(part.path("file").asText());
    if (!RecordingFolder.FILE.matcher(part.path("file").asText()).matches()
        || Files.notExists(file)) {
      return;
    }
    if (part.path("file").asText().endsWith(".mp4")) {
      boolean isSound = part.path("contentType").asText().startsWith("audio/");
      int scale = isSound ? InitSegment.SOUND_SCALE : InitSegment.VIDEO_SCALE;
      long ticks = Mp4Repair.repair(file, scale);
      part.put("seconds", (double) ticks / scale);
    } else {
      Path scratch = folder.resolve("scratch");
      try {
        part.put("seconds", SeekableWebm.write(file, scratch));
        DurableFiles.moveInto(scratch, file);
      } catch (IOException e) {
        LOG.info("{} stays as it broke off: {}", file.getFileName(), e.toString());
        Files.deleteIfExists(scratch);
      }
    }
    part.put("bytes", Files.size(file));
  }
}
