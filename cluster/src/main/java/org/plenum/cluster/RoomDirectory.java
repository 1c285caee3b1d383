package org.plenum.cluster;

import org.jspecify.annotations.Nullable;

/// Which node has which room. It holds rooms, not participants. Any thread; what changes it may
/// block for seconds and throws [DirectoryException].
public interface RoomDirectory {
  /// One node's hold on a room, from [#open] until it is released, moved away or lost.
  ///
  /// @param entry as of when it was opened; the state may be newer by now
  record Claim(String room, RoomEntry entry) {
    /// Two claims of one room are not the same, whatever they hold.
    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  /// Null if no node has it. Reads a copy in this process and does not block.
  @Nullable RoomEntry find(String room);

  /// Makes sure that a living node has the room.
  ///
  /// @param candidate who gets it if nobody has it, or the owner is gone
  /// @return the entry, whoever the owner is
  RoomEntry claim(String room, String candidate);

  /// This node begins to serve the room, as its owner. Claims it if nobody has it.
  Claim open(String room);

  /// Others see this state from when this returns, and so does the next owner.
  void update(Claim claim, String state);

  /// Another node is the owner from when this returns.
  ///
  /// @return the new entry
  RoomEntry move(Claim claim, String node);

  /// This node serves the room no more; the entry goes if it is still the one of this claim.
  void release(Claim claim);
}
