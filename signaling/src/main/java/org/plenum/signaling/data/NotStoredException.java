package org.plenum.signaling.data;

/// Something could not be written to disk, so it cannot be acknowledged. The message says in
/// one sentence what holds now.
public final class NotStoredException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public NotStoredException(String message, Throwable cause) {
    super(message, cause);
  }
}
