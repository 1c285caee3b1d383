package org.plenum.sfu;

/// Names a room, for people and in addresses.
///
/// @param value 1 to 64 code points in normalization form C: letters, marks and digits of any
/// script, '.', '_', '-'; not "." or ".."
public record RoomId(String value) {
  /// In code points; up to four bytes each in UTF-8.
  public static final int MAX_CODE_POINTS = 64;

  public RoomId {
    value = Ids.name("room", value, MAX_CODE_POINTS);
  }

  @Override
  public String toString() {
    return value;
  }
}
