package org.plenum.bench.signaling;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.plenum.bench.client.ClientPlan;
import org.plenum.bench.client.RelayUser;

/// A way to bring an offer to the server. Any thread; blocks, for virtual threads.
public interface ClientSignaling extends AutoCloseable {
  /// Joins with this offer.
  ///
  /// @throws IOException if the server could not be reached or refused
  Session join(ClientPlan plan, String offer) throws IOException, InterruptedException;

  @Override
  void close();

  /// A client that has joined.
  interface Session {
    /// The SDP of the answer.
    String answer();

    /// Who may have a relay of the server's own; null if it did not say.
    @Nullable RelayUser relay();

    /// Leaves; does not fail.
    void leave();
  }
}
