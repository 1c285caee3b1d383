package org.plenum.bench.signaling;

import java.io.IOException;

/// The server did not take a client in, or not as the client needs it.
public final class RefusedByServerException extends IOException {
  private static final long serialVersionUID = 1;

  public RefusedByServerException(String message) {
    super(message);
  }
}
