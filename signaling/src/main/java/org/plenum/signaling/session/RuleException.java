package org.plenum.signaling.session;

/// The room's rules do not allow it; whoever asked goes on.
public final class RuleException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String field;

  RuleException(String field, String message) {
    super(message);
    this.field = field;
  }

  /// The field of the message that was about it.
  String field() {
    return field;
  }
}
