package org.plenum.signaling.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/// Writes files such that what was written is on the disk when a method returns, and is there whole
/// or not at all.
public final class DurableFiles {
  private DurableFiles() {}

  /// Gives a file another content. A reader finds the old content or the new, even after a
  /// crash. Beside it, `<name>.new` is written.
  public static void replace(Path file, byte[] content) throws IOException {
    Path next = next(file);
    try (FileChannel out =
        FileChannel.open(
            next,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      writeAll(out, ByteBuffer.wrap(content));
      out.force(true);
    }
    move(next, file);
  }

  /// The same, for content that only its owner may read, where the file system has owners.
  public static void replaceSecret(Path file, byte[] content) throws IOException {
    Path next = next(file);
    Files.deleteIfExists(next);
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createFile(
          next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    replace(file, content);
  }

  private static Path next(Path file) {
    return file.resolveSibling(file.getFileName() + ".new");
  }

  /// Puts a file in the place of another one, as [#replace] does.
  public static void moveInto(Path written, Path file) throws IOException {
    try (FileChannel content = FileChannel.open(written, StandardOpenOption.WRITE)) {
      content.force(true);
    }
    move(written, file);
  }

  private static void move(Path written, Path file) throws IOException {
    Files.move(written, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    Path directory = file.toAbsolutePath().getParent();
    if (directory != null) {
      syncDirectory(directory);
    }
  }

  /// Appends to an existing file. After a crash, part of what was appended may be there.
  public static void append(Path file, byte[] content) throws IOException {
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
      writeAll(out, ByteBuffer.wrap(content));
      out.force(false);
    }
  }

  /// Makes the names in a directory durable: a file's content alone is not enough to find it
  /// again.
  public static void syncDirectory(Path directory) throws IOException {
    try (FileChannel names = FileChannel.open(directory)) {
      names.force(true);
    } catch (java.nio.file.AccessDeniedException e) {
      // Windows opens no directories, and needs no such thing.
      if (java.io.File.separatorChar == '/') {
        throw e;
      }
    }
  }

  /// A channel may take less at a time.
  public static void writeAll(FileChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }
}
