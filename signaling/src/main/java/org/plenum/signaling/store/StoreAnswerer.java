package org.plenum.signaling.store;

import java.io.IOException;
import java.util.List;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.recording.StoredFile;

/// Answers for what this node has, and says what that is. Any thread; blocks.
public interface StoreAnswerer {
  /// A refusal is a reply too. Throws UncheckedIOException if this node's disk cannot be read.
  StoreReply answer(StoreRequest request);

  /// Whether it is here.
  ///
  /// @param id as a path names it
  boolean has(RoomId room, String id);

  /// Opens the file of a request that was answered with it before, for another node that asks.
  /// Throws [RecordingException] or NoSuchFileException if it is gone.
  ///
  /// @param names what a path names behind the room
  StoredFile open(RoomId room, List<String> names) throws IOException;
}
