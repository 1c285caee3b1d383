package org.plenum.bench.load;

import java.net.URI;
import org.plenum.bench.client.ClientOptions;

/// A whole run.
///
/// @param url of the server's page
/// @param serverPid 0: the server's CPU is not measured
/// @param course how it goes in time
/// @param threads event loops
/// @param protocol how clients come in
/// @param relayed whether all goes by the server's own TURN server
record LoadSettings(
    URI url,
    long serverPid,
    Shape shape,
    ClientOptions options,
    Course course,
    int threads,
    Protocol protocol,
    boolean relayed) {
  LoadSettings {
    if (options.window() > 0 && (course.steps() != null || course.churnPerSecond() > 0)) {
      throw new IllegalArgumentException(
          "--saturate waits for all viewers of a source, so it goes with neither --step nor"
              + " --churn");
    }
  }

  /// How clients come in.
  enum Protocol {
    /// The WebSocket protocol `plenum.v1`.
    WEBSOCKET,
    /// WHIP (RFC 9725) for publishers, WHEP for viewers.
    WHIP,
    /// The same at whatever server has it: each client has a UDP port of its own.
    ELSEWHERE
  }
}
