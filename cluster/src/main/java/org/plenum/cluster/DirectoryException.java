package org.plenum.cluster;

import org.jspecify.annotations.Nullable;

/// The directory does not do what was asked; its message is for a person.
public final class DirectoryException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /// Why.
  public enum Reason {
    /// This node sees too few others: it opens no room.
    NO_QUORUM,
    /// Another node owns the room.
    NOT_OWNER,
    /// The directory did not answer in time.
    BUSY
  }

  private final Reason reason;
  private final @Nullable String owner;

  public DirectoryException(Reason reason, String message, @Nullable String owner) {
    super(message);
    this.reason = reason;
    this.owner = owner;
  }

  public Reason reason() {
    return reason;
  }

  /// Whose the room is, if it is another node's; null if that is not known.
  public @Nullable String owner() {
    return owner;
  }
}
