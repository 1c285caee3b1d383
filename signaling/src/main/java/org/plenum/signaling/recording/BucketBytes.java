package org.plenum.signaling.recording;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.plenum.signaling.bucket.Bucket;

/// The bytes of an object in a bucket, fetched a block at a time, so that a player who goes away
/// costs no more than a block, and a slow one holds no connection to the storage.
final class BucketBytes implements StoredFile {
  /// Players often ask for all and take the beginning.
  private static final int FIRST_BLOCK = 256 << 10;

  /// Of each that somebody who goes on reading waits for.
  private static final int MOST_BLOCK = 4 << 20;

  /// That are handed on at once.
  private static final int CHUNK = 64 << 10;

  private final Bucket bucket;
  private final String name;
  private final long size;
  private byte[] block = {};
  private long blockAt;
  private int nextLength = FIRST_BLOCK;

  /// Asks how large it is.
  ///
  /// @throws org.plenum.signaling.bucket.BucketException that says `isMissing` if there is none
  BucketBytes(Bucket bucket, String name) throws IOException {
    this.bucket = bucket;
    this.name = name;
    this.size = bucket.size(name);
  }

  @Override
  public long size() {
    return size;
  }

  /// What is in a bucket is complete, and never written anew.
  @Override
  public String version() {
    return name;
  }

  @Override
  public int chunkBytes() {
    return CHUNK;
  }

  @Override
  public int read(ByteBuffer target, long at) throws IOException {
    if (at >= size) {
      return -1;
    }
    if (at < blockAt || at >= blockAt + block.length) {
      block = bucket.read(name, at, (int) Math.min(nextLength, size - at));
      if (block.length == 0) {
        throw new IOException("the storage has less of " + name + " than it said");
      }
      blockAt = at;
      nextLength = Math.min(2 * nextLength, MOST_BLOCK);
    }
    int from = (int) (at - blockAt);
    int length = Math.min(target.remaining(), block.length - from);
    target.put(block, from, length);
    return length;
  }

  @Override
  public void close() {
    block = new byte[0];
  }
}
