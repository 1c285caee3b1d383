package org.plenum.signaling.session;

/// What comes in over one WebSocket, wherever it is dealt with.
public interface ClientLine {
  /// Takes a text message. Calls come one after another and may block; nothing is thrown.
  void onText(String text);

  /// The peer broke a rule below the level of messages: nothing that it still says counts, and the
  /// caller closes the socket.
  void onViolation();

  /// The socket is gone; idempotent.
  void onClosed();

  /// Makes one for a socket that was opened. Does not block.
  interface Opener {
    /// @param address as what the client is limited
    ClientLine open(ClientSocket socket, String address);
  }
}
