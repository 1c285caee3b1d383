package org.plenum.signaling.protocol;

/// What hosts decide about a room; hosts themselves are held to none of it.
public enum Rule {
  /// Whoever comes waits until a host lets them in.
  WAITING_ROOM("waitingRoom", false),
  /// Participants may share their screens.
  SCREEN("screen", true),
  /// Participants may write to the chat.
  CHAT("chat", true),
  /// Participants may unmute their own microphones.
  UNMUTE("unmute", true),
  /// Participants may send files in the chat, where the server takes any.
  FILES("files", true),
  /// Participants may record.
  RECORD("record", true),
  /// Who comes late is sent what was written before.
  HISTORY("history", true);

  private final String json;
  private final boolean usual;

  Rule(String json, boolean usual) {
    this.json = json;
    this.usual = usual;
  }

  /// Its name on the wire, in the API, in tokens and on the disk.
  public String json() {
    return json;
  }

  boolean usual() {
    return usual;
  }
}
