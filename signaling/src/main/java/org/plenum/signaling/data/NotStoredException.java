package org.plenum.signaling.data;

/// What somebody asked for is not on the disk, as it should be before it is said to be done. The
/// message says in one sentence what holds now.
public final class NotStoredException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public NotStoredException(String message, Throwable cause) {
    super(message, cause);
  }
}
