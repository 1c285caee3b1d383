package org.plenum.signaling.data;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `data.dir` while a server uses it: nobody else does, and its layout is the one that this version
/// knows. The file `version` says which layout it is; docs/operating.md says what is in it.
public final class DataDirectory implements AutoCloseable {
  /// Of the layout; docs/operating.md has one line for each there was.
  public static final int VERSION = 2;

  static final String VERSION_FILE = "version";
  static final String LOCK_FILE = "lock";

  /// Before there was a version file: what such a directory held.
  private static final List<String> VERSION_1 =
      List.of("events", "webhooks.json", "removals.jsonl", "recordings-1");

  private static final Logger LOG = LoggerFactory.getLogger(DataDirectory.class);

  private final FileChannel lock;

  private DataDirectory(FileChannel lock) {
    this.lock = lock;
  }

  /// Makes the directory if it is not there, and brings an older layout up to date. Throws
  /// IllegalStateException with one sentence if that cannot be, if another process uses it, or if a
  /// newer version wrote it: then nothing in it was touched.
  public static DataDirectory open(Path directory) {
    FileChannel lock = null;
    try {
      Files.createDirectories(directory);
      lock = lock(directory);
      bringUpToDate(directory);
      return new DataDirectory(lock);
    } catch (IOException | IllegalStateException e) {
      close(lock);
      throw refusal(directory, e);
    }
  }

  /// Throws IllegalStateException with one sentence if [#open] would not succeed now. Makes and
  /// changes nothing.
  public static void check(Path directory) {
    try {
      Path there = nearestThere(directory.toAbsolutePath());
      if (!Files.isDirectory(there)) {
        throw new IllegalStateException(there + " is no directory");
      }
      if (!Files.isWritable(there)) {
        throw new IllegalStateException(there + " cannot be written to");
      }
      requireKnown(version(directory));
      if (Files.exists(directory.resolve(LOCK_FILE))) {
        close(lock(directory));
      }
    } catch (IOException | IllegalStateException e) {
      throw refusal(directory, e);
    }
  }

  /// Others may use it.
  @Override
  public void close() {
    close(lock);
  }

  /// The directory, or the nearest above it that exists.
  private static Path nearestThere(Path directory) {
    Path above = directory.getParent();
    return Files.exists(directory) || above == null ? directory : nearestThere(above);
  }

  private static IllegalStateException refusal(Path directory, Exception e) {
    String reason = e instanceof IOException ? e.toString() : e.getMessage();
    return new IllegalStateException("data.dir: " + directory + " cannot be used: " + reason, e);
  }

  private static FileChannel lock(Path directory) throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // the same: another server in this very process
    }
    channel.close();
    throw new IllegalStateException("another server uses it");
  }

  private static void bringUpToDate(Path directory) throws IOException {
    int found = version(directory);
    requireKnown(found);
    if (found == 1) {
      LOG.info("data.dir is brought from layout 1 to {}", VERSION);
      Path old = directory.resolve("recordings-1");
      Path recordings = directory.resolve("recordings");
      if (Files.exists(old)) {
        if (Files.exists(recordings)) {
          throw new IllegalStateException(
              "it has recordings-1, which is to be recordings from now on, and recordings too: put"
                  + " the files of both into recordings-1 and delete recordings");
        }
        // Once it has its new name the rest of a start that was cut off goes on from here.
        Files.move(old, recordings);
      }
    }
    if (found != VERSION) {
      DurableFiles.replace(
          directory.resolve(VERSION_FILE), (VERSION + "\n").getBytes(StandardCharsets.US_ASCII));
    }
  }

  private static void requireKnown(int version) {
    if (version > VERSION) {
      throw new IllegalStateException(
          "its layout is of version %d, made by a newer Plenum: this one knows versions 1 to %d"
              .formatted(version, VERSION));
    }
  }

  /// 0: there is nothing yet.
  private static int version(Path directory) throws IOException {
    Path file = directory.resolve(VERSION_FILE);
    if (!Files.exists(file)) {
      return VERSION_1.stream().anyMatch(name -> Files.exists(directory.resolve(name))) ? 1 : 0;
    }
    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8).strip();
    if (!text.matches("[1-9][0-9]{0,5}")) {
      throw new IllegalStateException("its file " + VERSION_FILE + " holds no version");
    }
    return Integer.parseInt(text);
  }

  private static void close(@Nullable FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      LOG.warn("the lock on data.dir was not given back cleanly: {}", e.toString());
    }
  }
}
