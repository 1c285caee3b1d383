package org.plenum.broadcast.live;

import org.jspecify.annotations.Nullable;
import org.plenum.broadcast.recording.RecordedRoom;
import org.plenum.broadcast.recording.RecordingEnd;
import org.plenum.broadcast.recording.RecordingOutput;
import org.plenum.broadcast.recording.RecordingStorage;

/// Brings a recording to its storage by a queue.
final class StorageQueue implements RecordingOutput {
  private final RecordingStorage storage;
  private final DiskQueue queue;

  /// @param name of its thread
  StorageQueue(RecordingStorage storage, String name) {
    this.storage = storage;
    this.queue = new DiskQueue(name);
  }

  @Override
  public void append(String file, byte[] bytes) {
    queue.put(bytes.length, () -> storage.append(file, bytes));
  }

  @Override
  public void patch(String file, long at, byte[] bytes) {
    queue.put(bytes.length, () -> storage.patch(file, at, bytes));
  }

  @Override
  public void close(String file) {
    queue.put(DiskQueue.LITTLE, () -> storage.close(file));
  }

  void keep(RecordedRoom known) {
    queue.put(DiskQueue.LITTLE, () -> storage.keep(known));
  }

  /// See [DiskQueue#failure].
  @Nullable RecordingEnd failure(long nowNanos) {
    return queue.failure(nowNanos);
  }

  /// Keeps what is known at the end, and mends what needs it, which may go on for longer than this
  /// waits. See [DiskQueue#finish].
  void finish(RecordedRoom known) {
    queue.finish(
        () -> {
          storage.keep(known);
          RecordingEnd failure = queue.failure(System.nanoTime());
          if (failure != null) {
            storage.mend(failure);
          } else if (known.end() != null && known.end().reason() == RecordingEnd.Reason.FAULT) {
            storage.mend(known.end());
          }
          storage.done();
        });
  }
}
