package org.plenum.signaling.recording;

import java.time.Instant;
import org.plenum.sfu.RoomId;

/// A recording as it stands now.
///
/// @param title what it shows, for people
/// @param contentType of the file
/// @param bytes stored so far
/// @param complete whether nothing more will come; a complete WebM can be sought in
public record Recording(
    RecordingId id,
    RoomId room,
    String title,
    String contentType,
    Instant created,
    long bytes,
    boolean complete) {
  /// Whether it is a file of the chat, which is in no list.
  public boolean isFile() {
    return contentType.equals(RecordingStore.FILE);
  }
}
