package org.plenum.sfu;

/// Identifies a person who is in a room as several participants at once, such as one that only
/// publishes and one that only views. They are never sent each other's tracks.
///
/// @param value 1 to 256 characters, none of them a control character: it is the application's
public record Identity(String value) {
  public Identity {
    if (value.isEmpty()
        || value.length() > 256
        || value.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "identity must be 1 to 256 characters, no control characters");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
