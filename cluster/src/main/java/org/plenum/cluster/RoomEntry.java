package org.plenum.cluster;

import org.jspecify.annotations.Nullable;

/// What the directory holds of one room.
///
/// @param node the owner: [NodeInfo#id]
/// @param epoch 1 for a room that nobody had before; each change of owner raises it
/// @param life the same from owner to owner, another one once the room was given up; without line
///     breaks
/// @param revision of the state: each write raises it, and what is written in a later epoch has a
///     higher one than whatever was written before
/// @param state of the room, as its owner wrote it; opaque here, may be empty
public record RoomEntry(String node, long epoch, String life, long revision, String state) {
  private static final String STATE = "state=";

  /// The epoch stands in the upper bits of a revision: an owner that was cut off, and writes what
  /// nobody hears of, has none that is as high as its successor's.
  private static final int EPOCH_SHIFT = 32;

  /// One whose state was never written.
  public RoomEntry(String node, long epoch, String life) {
    this(node, epoch, life, 0, "");
  }

  /// The same room at another node.
  public RoomEntry to(String other) {
    return new RoomEntry(other, epoch + 1, life, revision, state);
  }

  public RoomEntry withState(String other) {
    long next = Math.max(revision, epoch << EPOCH_SHIFT) + 1;
    return new RoomEntry(node, epoch, life, next, other);
  }

  /// As [#parse] reads it: two entries are equal if their texts are.
  public String text() {
    return "node="
        + node
        + "\nepoch="
        + epoch
        + "\nlife="
        + life
        + "\nrevision="
        + revision
        + "\n"
        + STATE
        + state;
  }

  /// Lines that a later version adds before the last are ignored.
  ///
  /// @return null if there is no text, or it is none of ours
  public static @Nullable RoomEntry parse(@Nullable String text) {
    if (text == null) {
      return null;
    }
    String node = "";
    String life = "";
    long epoch = 0;
    long revision = 0;
    int at = 0;
    while (at < text.length()) {
      if (text.startsWith(STATE, at)) {
        return node.isEmpty() || epoch < 1
            ? null
            : new RoomEntry(node, epoch, life, revision, text.substring(at + STATE.length()));
      }
      int end = text.indexOf('\n', at);
      if (end < 0) {
        return null;
      }
      String line = text.substring(at, end);
      if (line.startsWith("node=")) {
        node = line.substring(5);
      } else if (line.startsWith("life=")) {
        life = line.substring(5);
      } else if (line.startsWith("epoch=")) {
        epoch = number(line.substring(6));
      } else if (line.startsWith("revision=")) {
        revision = number(line.substring(9));
      }
      at = end + 1;
    }
    return null;
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
