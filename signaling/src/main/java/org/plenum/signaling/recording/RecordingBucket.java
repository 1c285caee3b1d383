package org.plenum.signaling.recording;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.plenum.signaling.bucket.Bucket;
import org.plenum.signaling.bucket.Bucket.Stored;
import org.plenum.signaling.bucket.BucketException;

/// Recordings in a bucket, each below its id, with the files that it has on the disk.
///
/// @param bucket that holds them
record RecordingBucket(Bucket bucket) implements RecordingPlace {
  /// What says what the other files are; it comes last and goes last.
  static final Set<String> SAYING = Set.of(RecordingFolder.MANIFEST, StoredRecording.ABOUT_NAME);

  /// As an object is called.
  static String name(RecordingId recording, String file) {
    return recording + "/" + file;
  }

  @Override
  public StoredFile open(RecordingId recording, String name) throws IOException {
    try {
      return new BucketBytes(bucket, name(recording, name));
    } catch (BucketException e) {
      if (e.isMissing()) {
        throw new NoSuchFileException(name(recording, name));
      }
      throw e;
    }
  }

  @Override
  public void delete(RecordingId recording) throws IOException {
    List<String> last = new ArrayList<>();
    for (Stored each : bucket.list(recording + "/")) {
      if (SAYING.contains(each.name().substring(recording.value().length() + 1))) {
        last.add(each.name());
      } else {
        bucket.delete(each.name());
      }
    }
    for (String name : last) {
      bucket.delete(name);
    }
  }
}
