package org.plenum.sfu.send;

/// Hears which of a viewer's packets did not leave. Worker's thread only.
public interface Departures {
  /// The port did not take the packet with this transport-wide number.
  void refuse(long number);
}
