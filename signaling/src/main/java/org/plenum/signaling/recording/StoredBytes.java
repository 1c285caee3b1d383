package org.plenum.signaling.recording;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// The bytes of a file that is kept, wherever that is. One thread at a time; blocks.
public interface StoredBytes extends Closeable {
  /// How many there are.
  long size() throws IOException;

  /// Reads some of them, at least one.
  ///
  /// @param at where they begin
  /// @return how many; -1 if there are none any more
  int read(ByteBuffer target, long at) throws IOException;

  /// Those of a file on the disk, with which the channel is closed.
  static StoredBytes of(FileChannel file) {
    return new OnDisk(file);
  }

  /// On the disk.
  ///
  /// @param file open for reading
  record OnDisk(FileChannel file) implements StoredBytes {
    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public int read(ByteBuffer target, long at) throws IOException {
      return file.read(target, at);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
