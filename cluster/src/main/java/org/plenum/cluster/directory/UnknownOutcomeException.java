package org.plenum.cluster.directory;

/// A write may have been done, or not, or at some nodes only.
public final class UnknownOutcomeException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public UnknownOutcomeException(String message, Throwable cause) {
    super(message, cause);
  }

  public UnknownOutcomeException(String message) {
    super(message);
  }
}
