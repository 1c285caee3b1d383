package org.plenum.sfu.transport;

/// Decides when a waiting packet may leave. Its budget is unlimited until there is a bandwidth
/// estimate to set one, so
/// it lets everything through; the stage stands where the budget will be asked. One thread, no
/// clock.
final class Pacer {
  /// Whether the next packet may leave now.
  boolean mayRelease() {
    return true;
  }
}
