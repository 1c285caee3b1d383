package org.plenum.signaling.jsep;

/// An offer that cannot be answered; the message is for whoever wrote the client.
public final class InvalidOfferException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String field;

  public InvalidOfferException(String field, String message) {
    super(message);
    this.field = field;
  }

  /// What was wrong: `tracks`, `seats`, `sdp` as a whole, or the line of the SDP, e.g. `a=setup`.
  public String field() {
    return field;
  }
}
