package org.plenum.signaling.token;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
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

  /// On the disk when this returns. A full disk costs the line, not the removal: it holds until the
  /// server restarts, and the next one writes all.
  ///
  /// @param all that hold, this one included
  void add(Removal removal, Collection<Removal> all) {
    try {
      if (whole && lines < MOST_LINES) {
        whole = false;
        write(file, RemovalLines.line(removal), StandardOpenOption.APPEND);
        whole = true;
        lines++;
      } else {
        replace(all);
      }
    } catch (IOException e) {
      LOG.error("a removal was not written down, a restart will forget it: {}", reason(e));
    }
  }

  private void replace(Collection<Removal> all) throws IOException {
    whole = false;
    Path next = file.resolveSibling(NAME + ".new");
    write(
        next,
        RemovalLines.write(all),
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING);
    Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    whole = true;
    lines = all.size();
  }

  private static void write(Path file, String text, StandardOpenOption... how) throws IOException {
    var options = new ArrayList<>(List.of(how));
    options.add(StandardOpenOption.WRITE);
    options.add(StandardOpenOption.DSYNC);
    try (OutputStream out =
        Files.newOutputStream(file, options.toArray(StandardOpenOption[]::new))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static String reason(Exception failure) {
    return failure instanceof IOException ? failure.toString() : "" + failure.getMessage();
  }
}
