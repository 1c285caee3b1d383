package org.plenum.sfu;

/// Names a published track within its room.
///
/// @param value 1 to 96 characters: letters, digits, '.', '_', '-'
public record TrackId(String value) {
  public TrackId {
    Ids.require("track", value, 96);
  }

  @Override
  public String toString() {
    return value;
  }
}
