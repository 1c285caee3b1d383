package org.plenum.signaling.token;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.List;
import org.plenum.signaling.data.DurableFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removals in `data.dir`. Not thread-safe.
final class RemovalFile {
  static final String NAME = "removals.jsonl";

  /// Lines after which those that were forgotten are left out.
  static final int MOST_LINES = 2 * Removals.CAPACITY;

  /// More than the longest lines make up.
  private static final long MAX_BYTES = 128L * 1024 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(RemovalFile.class);

  private final Path file;
  private int lines;

  /// Whether the file holds all there is: the next one may be appended.
  private boolean whole;

  RemovalFile(Path data) {
    this.file = data.resolve(NAME);
  }

  /// What was written, the oldest first. A file of which a part cannot be read is kept beside,
  /// under a name that the log says. Throws IllegalStateException with one sentence.
  ///
  /// @param nowSeconds since the epoch, for that name
  List<Removal> read(long nowSeconds) {
    try {
      if (!Files.exists(file)) {
        return List.of();
      }
      if (Files.size(file) > MAX_BYTES) {
        throw new IllegalStateException("it has more than " + MAX_BYTES + " bytes");
      }
      // Bytes that are no UTF-8 damage their line only.
      var content = RemovalLines.read(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
      if (content.damaged() > 0) {
        Path aside = file.resolveSibling(NAME + ".damaged-" + nowSeconds);
        Files.copy(file, aside, StandardCopyOption.REPLACE_EXISTING);
        LOG.error(
            "{} lines of {} cannot be read: those removals are forgotten; it is kept as {}",
            content.damaged(),
            file,
            aside.getFileName());
      }
      return content.removals();
    } catch (IOException | IllegalStateException e) {
      throw new IllegalStateException("data.dir: " + file + " cannot be used: " + reason(e), e);
    }
  }

  /// Replaces what is there. Throws IllegalStateException with one sentence.
  void begin(Collection<Removal> all) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      replace(all);
    } catch (IOException e) {
      throw new IllegalStateException("data.dir: " + file + " cannot be written: " + reason(e), e);
    }
  }

  /// On the disk when this returns. After a failure the next one writes all.
  ///
  /// @param all that hold, this one included
  void add(Removal removal, Collection<Removal> all) throws IOException {
    if (whole && lines < MOST_LINES) {
      whole = false;
      DurableFiles.append(file, RemovalLines.line(removal).getBytes(StandardCharsets.UTF_8));
      whole = true;
      lines++;
    } else {
      replace(all);
    }
  }

  private void replace(Collection<Removal> all) throws IOException {
    whole = false;
    DurableFiles.replace(file, RemovalLines.write(all).getBytes(StandardCharsets.UTF_8));
    whole = true;
    lines = all.size();
  }

  private static String reason(Exception failure) {
    return failure instanceof IOException ? failure.toString() : "" + failure.getMessage();
  }
}
