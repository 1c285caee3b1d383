package org.plenum.sfu;

/// Names a participant within its room.
///
/// @param value 1 to 64 characters: letters, digits, '.', '_', '-'
public record ParticipantId(String value) {
  public ParticipantId {
    Ids.require("participant", value, 64);
  }

  /// The name under which the relays of their direct calls are had: nobody's id has such a sign.
  public String directRelayName() {
    return value + "/direct";
  }

  @Override
  public String toString() {
    return value;
  }
}
