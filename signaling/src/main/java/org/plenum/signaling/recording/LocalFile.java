package org.plenum.signaling.recording;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// A [StoredFile] of this node. Whoever has it open goes on with it as it was, whatever takes its
/// place.
record LocalFile(FileChannel channel, long size, String version) implements StoredFile {
  private static final int CHUNK = 64 * 1024;

  @Override
  public int chunkBytes() {
    return CHUNK;
  }

  @Override
  public int read(ByteBuffer into, long at) throws IOException {
    return channel.read(into, at);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
