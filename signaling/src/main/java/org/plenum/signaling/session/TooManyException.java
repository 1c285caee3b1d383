package org.plenum.signaling.session;

/// What a client asks for is too much in a short time; the message is for a person.
final class TooManyException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String field;

  /// @param field what there was too much of
  TooManyException(String field, String message) {
    super(message);
    this.field = field;
  }

  String field() {
    return field;
  }
}
