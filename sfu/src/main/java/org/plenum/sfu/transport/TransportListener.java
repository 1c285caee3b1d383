package org.plenum.sfu.transport;

import org.plenum.sfu.Mid;
import org.plenum.sfu.TransportState;

/// Hears of the life of a transport; worker's thread.
@FunctionalInterface
public interface TransportListener {
  void onStateChanged(TransportState state);

  /// Something has come up that is not to wait until [Transport#nextTimeoutNanos]. Called often.
  default void onUrgent() {}

  /// The peer has reported, and what it said has been read. Often.
  default void onReport(long nowNanos) {}

  /// The peer sends more in a section than is accepted. Called at most once in 10 s.
  ///
  /// @param bitrateBps what is accepted, bit/s
  default void onBitrateExceeded(Mid mid, long bitrateBps) {}

  /// The peer goes on in a section under another SSRC.
  default void onSsrcChanged(Mid mid, int former, int ssrc) {}
}
