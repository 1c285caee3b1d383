package org.plenum.sfu.send;

/// Hears which of a viewer's packets the port took. Worker's thread only.
public interface Departures {
  /// The port took the packet with this transport-wide number.
  void confirm(long number);

  /// The port did not take it.
  void refuse(long number);
}
