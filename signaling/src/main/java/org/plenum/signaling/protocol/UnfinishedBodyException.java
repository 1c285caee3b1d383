package org.plenum.signaling.protocol;

/// A request whose body did not come to its end; the message is for whoever sent it.
public final class UnfinishedBodyException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final boolean late;

  /// @param late whether the client took too long; else it broke the body off
  public UnfinishedBodyException(boolean late, String message) {
    super(message);
    this.late = late;
  }

  public boolean late() {
    return late;
  }

  /// RFC 9110 §15.5.9, §15.5.1.
  public Problem problem() {
    return Problem.of(
        late ? 408 : 400, late ? "Request Timeout" : "Bad Request", String.valueOf(getMessage()));
  }
}
