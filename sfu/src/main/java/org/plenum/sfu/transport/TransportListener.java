package org.plenum.sfu.transport;

import org.plenum.sfu.TransportState;

/// Hears of the life of a transport; worker's thread.
@FunctionalInterface
public interface TransportListener {
  void onStateChanged(TransportState state);
}
