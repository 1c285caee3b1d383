package org.plenum.sfu;

/// Names a participant within its room.
///
/// @param value 1 to 64 characters: letters, digits, '.', '_', '-'
public record ParticipantId(String value) {
  public ParticipantId {
    Ids.require("participant", value, 64);
  }

  @Override
  public String toString() {
    return value;
  }
}
