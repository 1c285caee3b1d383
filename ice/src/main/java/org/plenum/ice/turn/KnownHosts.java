package org.plenum.ice.turn;

/// Where somebody is, as the server itself has seen: from where they have authenticated themselves,
/// never what they say. Worker's thread only.
@FunctionalInterface
public interface KnownHosts {
  /// @param high as in [org.plenum.ice.NetworkPath]
  /// @param low as in [org.plenum.ice.NetworkPath]
  boolean has(long high, long low);
}
