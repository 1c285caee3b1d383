package org.plenum.sfu.simulation;

import java.util.IdentityHashMap;
import java.util.Map;
import org.plenum.sfu.bandwidth.Simulation;
import org.plenum.sfu.bandwidth.TcpFlow;

/// Somebody behind a viewer's link who downloads, by one TCP with CUBIC.
final class Download {
  static final long ENDLESS = 1L << 40;

  private final SimulatedPeer peer;
  private final Simulation time = new Simulation();
  private final Map<byte[], Runnable> underWay = new IdentityHashMap<>();
  private final TcpFlow flow;

  /// @param seconds after the start of the call, when it begins
  /// @param bytes how much; [#ENDLESS]: it goes on to the end of the call
  Download(SimulatedPeer peer, double seconds, long bytes) {
    this.peer = peer;
    flow =
        new TcpFlow(time, this::send, this::acknowledge, peer.up.delayNanos() / 1e6)
            .startAt(seconds, bytes);
    peer.download = this;
  }

  private void send(int bytes, long delayNanos, Runnable arrive, Runnable drop) {
    byte[] datagram = new byte[bytes];
    underWay.put(datagram, arrive);
    peer.down.send(datagram);
  }

  private void acknowledge(int bytes, long delayNanos, Runnable arrive, Runnable drop) {
    time.in(delayNanos, arrive);
  }

  /// A millisecond of the call has passed.
  void step() {
    time.runUntil(peer.call.seconds());
  }

  /// Whether this came from the link, and is of the download.
  boolean takes(byte[] datagram) {
    Runnable arrive = underWay.remove(datagram);
    if (arrive != null) {
      arrive.run();
    }
    return arrive != null;
  }

  /// Bit/s, in seconds of the call.
  double received(double from, double to) {
    return flow.received(from, to);
  }
}
