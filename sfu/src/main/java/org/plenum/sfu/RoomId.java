package org.plenum.sfu;

/// Names a room.
///
/// @param value 1 to 64 characters: letters, digits, '.', '_', '-'
public record RoomId(String value) {
  public RoomId {
    Ids.require("room", value, 64);
  }

  @Override
  public String toString() {
    return value;
  }
}
