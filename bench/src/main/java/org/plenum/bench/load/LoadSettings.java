package org.plenum.bench.load;

import java.net.URI;
import org.plenum.bench.client.ClientOptions;

/// A whole run.
///
/// @param url of the server's page
/// @param serverPid 0: the server's CPU is not measured
/// @param warmUpSeconds of media before the measured window
/// @param joinsPerSecond 0: as fast as the server takes them
/// @param threads event loops
/// @param protocol how clients come in
/// @param relayed whether all goes by the server's own TURN server
record LoadSettings(
    URI url,
    long serverPid,
    Shape shape,
    ClientOptions options,
    double seconds,
    double warmUpSeconds,
    double joinsPerSecond,
    int threads,
    Protocol protocol,
    boolean relayed) {
  /// How clients come in.
  enum Protocol {
    /// The WebSocket protocol `plenum.v1`.
    WEBSOCKET,
    /// WHIP (RFC 9725) for publishers, WHEP for viewers.
    WHIP
  }
}
