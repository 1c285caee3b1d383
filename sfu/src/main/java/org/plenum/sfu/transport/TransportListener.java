package org.plenum.sfu.transport;

import org.plenum.sfu.Mid;
import org.plenum.sfu.TransportState;

/// Hears of the life of a transport; worker's thread.
@FunctionalInterface
public interface TransportListener {
  void onStateChanged(TransportState state);

  /// The peer goes on in a section under another SSRC.
  default void onSsrcChanged(Mid mid, int former, int ssrc) {}
}
