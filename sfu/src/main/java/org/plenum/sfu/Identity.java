package org.plenum.sfu;

/// Names a person who is in a room as several participants at once, such as one that only publishes
/// and one that only views: they are never sent each other's tracks.
///
/// @param value 1 to 64 characters: letters, digits, '.', '_', '-'
public record Identity(String value) {
  public Identity {
    Ids.require("identity", value, 64);
  }

  @Override
  public String toString() {
    return value;
  }
}
