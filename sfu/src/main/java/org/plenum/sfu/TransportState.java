package org.plenum.sfu;

/// A participant's media path, as its client is told.
public enum TransportState {
  NEW,
  /// ICE and DTLS are up: media flows.
  CONNECTED,
  /// No authenticated ICE request for 10 s.
  LOST,
  /// DTLS failed or was closed, or nothing came for 30 s. Final.
  CLOSED
}
