package org.plenum.signaling.recording;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/// A file that can be read from any place on, wherever it is: here, in a bucket, at another node.
/// One thread; blocks.
public interface StoredFile extends AutoCloseable {
  /// Bytes, when it was opened.
  long size();

  /// How many bytes are worth reading at once.
  int chunkBytes();

  /// Which file has this name: another one, once it was written anew.
  String version();

  /// Reads some bytes, at least one, as many as there is room for at the most.
  ///
  /// @return how many; -1 at the end
  int read(ByteBuffer into, long at) throws IOException;

  @Override
  void close() throws IOException;

  /// One that is on this machine's disk. Throws NoSuchFileException.
  static StoredFile open(Path path) throws IOException {
    for (int tries = 0; tries < 3; tries++) {
      String before = versionOf(path);
      FileChannel channel = FileChannel.open(path);
      if (before.equals(versionOf(path))) {
        return new LocalFile(channel, channel.size(), before);
      }
      channel.close(); // another file has taken its place meanwhile
    }
    throw new NoSuchFileException(path.getFileName() + " is being replaced");
  }

  private static String versionOf(Path path) throws IOException {
    return String.valueOf(Files.readAttributes(path, BasicFileAttributes.class).fileKey());
  }
}
