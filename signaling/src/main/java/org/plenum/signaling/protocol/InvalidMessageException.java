package org.plenum.signaling.protocol;

import org.jspecify.annotations.Nullable;

/// A client's message is not what PROTOCOL.md says; it is answered with `error`.
public final class InvalidMessageException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final @Nullable String field;

  /// @param field path of the field that was wrong, as in `tracks[2].mid`; null if no single field
  /// was
  /// @param message for a person: what was expected and what was there
  public InvalidMessageException(@Nullable String field, String message) {
    super(message);
    this.field = field;
  }

  /// Of a value that checked itself: its message begins with its own name, which the field says
  /// already.
  public static InvalidMessageException of(String field, IllegalArgumentException cause) {
    String message = String.valueOf(cause.getMessage());
    String name = field.substring(field.lastIndexOf('.') + 1) + " ";
    return new InvalidMessageException(
        field, message.startsWith(name) ? message.substring(name.length()) : message);
  }

  /// What was wrong, by name.
  public String sentence() {
    return field == null ? String.valueOf(getMessage()) : field + " " + getMessage();
  }

  public @Nullable String field() {
    return field;
  }
}
