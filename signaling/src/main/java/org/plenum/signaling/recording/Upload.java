package org.plenum.signaling.recording;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.plenum.signaling.bucket.Bucket;
import org.plenum.signaling.bucket.BucketException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings one recording to the bucket, and goes on where it stood when it is tried again. One
/// thread.
final class Upload {
  private static final Logger LOG = LoggerFactory.getLogger(Upload.class);

  private final Parcel parcel;
  private final Bucket bucket;

  /// Of a part of an upload, and of what goes in one piece.
  private final int pieceBytes;

  private final LongConsumer onBytes;
  private boolean cleared;
  private int filesDone;

  /// Of the file that is on its way in parts; null: none is.
  private @Nullable String begun;

  private final List<String> parts = new ArrayList<>();

  /// @param onBytes is told how many have arrived
  Upload(Parcel parcel, Bucket bucket, int pieceBytes, LongConsumer onBytes) {
    this.parcel = parcel;
    this.bucket = bucket;
    this.pieceBytes = pieceBytes;
    this.onBytes = onBytes;
  }

  RecordingId recording() {
    return parcel.recording();
  }

  /// Does what is left of it. An IOException leaves something for later.
  ///
  /// @return whether it has arrived; false: it was deleted meanwhile
  boolean run() throws IOException {
    if (!parcel.isGone()) {
      try {
        clear();
        for (List<Parcel.Content> all = parcel.contents(); filesDone < all.size(); filesDone++) {
          bring(all.get(filesDone));
        }
      } catch (IOException e) {
        if (!parcel.isGone()) {
          throw e;
        }
      }
    }
    if (!parcel.isGone() && parcel.arrived()) {
      return true;
    }
    bucket.abort(prefix());
    new RecordingBucket(bucket).delete(parcel.recording());
    return false;
  }

  private String prefix() {
    return parcel.recording() + "/";
  }

  /// What a server that ended had begun costs its owner money, and is seen by nobody.
  private void clear() throws IOException {
    if (cleared) {
      return;
    }
    try {
      bucket.abort(prefix());
    } catch (BucketException e) {
      LOG.debug("uploads that broke off are left to the bucket's own rules: {}", e.getMessage());
    }
    cleared = true;
  }

  private void bring(Parcel.Content content) throws IOException {
    String name = RecordingBucket.name(parcel.recording(), content.name());
    try (FileChannel file = FileChannel.open(content.file())) {
      long size = file.size();
      if (size <= pieceBytes) {
        bucket.put(name, read(file, 0, size));
        onBytes.accept(size);
      } else {
        bringParts(name, file, size);
      }
    }
  }

  private void bringParts(String name, FileChannel file, long size) throws IOException {
    long length = Math.max(pieceBytes, size / (Bucket.MOST_PARTS - 1) + 1);
    try {
      String upload = begun == null ? bucket.begin(name) : begun;
      begun = upload;
      for (long at = parts.size() * length; at < size; at += length) {
        if (parcel.isGone()) {
          return;
        }
        byte[] bytes = read(file, at, Math.min(length, size - at));
        parts.add(bucket.part(name, upload, parts.size() + 1, bytes));
        onBytes.accept(bytes.length);
      }
      bucket.complete(name, upload, parts);
    } catch (BucketException e) {
      if (e.isMissing()) {
        forget(); // it begins anew
      }
      throw e;
    }
    forget();
  }

  private void forget() {
    begun = null;
    parts.clear();
  }

  private static byte[] read(FileChannel file, long at, long length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(length));
    while (bytes.hasRemaining()) {
      if (file.read(bytes, at + bytes.position()) < 0) {
        throw new IOException("a file became shorter while it was read");
      }
    }
    return bytes.array();
  }
}
