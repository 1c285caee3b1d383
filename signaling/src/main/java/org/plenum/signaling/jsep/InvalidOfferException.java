package org.plenum.signaling.jsep;

import org.plenum.signaling.sdp.SdpException;

/// An offer that cannot be answered; the message is for whoever wrote the client.
public final class InvalidOfferException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String field;
  private final boolean malformed;

  public InvalidOfferException(String field, String message) {
    super(message);
    this.field = field;
    this.malformed = false;
  }

  /// Of text that breaks the grammar.
  InvalidOfferException(SdpException cause) {
    super(cause.getMessage(), cause);
    this.field = cause.field();
    this.malformed = true;
  }

  /// Whether the grammar was broken, not the rules of what may be offered.
  public boolean isMalformed() {
    return malformed;
  }

  /// What was wrong: `tracks`, `seats`, `sdp` as a whole, or the line of the SDP, e.g. `a=setup`.
  public String field() {
    return field;
  }
}
