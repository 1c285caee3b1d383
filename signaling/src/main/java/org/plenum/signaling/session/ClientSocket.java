package org.plenum.signaling.session;

import java.io.IOException;

/// One WebSocket, as sessions see it.
public interface ClientSocket {
  /// Returns when the text is written, throws when it cannot be or takes too long. One thread at a
  /// time.
  void send(String text) throws IOException;

  /// Closes it with a WebSocket status code (RFC 6455 §7.4); does not block; idempotent.
  void close(int code, String reason);
}
