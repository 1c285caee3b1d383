package org.plenum.sfu.bandwidth;

/// One burst to be sent at a rate of its own, to learn whether the path carries it. Filled by
/// [BandwidthEstimator#takeProbe]; reusable. What is sent in the meantime anyway counts for it;
/// packets sent again or padding make up the rest.
public final class Probe {
  /// Stands for "no probe" wherever a packet's probe is asked for.
  public static final int NONE = 0;

  int id;
  long rateBps;
  int minBytes;
  int minPackets;

  /// Given back with each packet of this burst; positive.
  public int id() {
    return id;
  }

  /// The rate to send at, all packets of the viewer counted.
  public long rateBps() {
    return rateBps;
  }

  /// The burst is over when this many bytes, and [#minPackets] packets, have been sent.
  public int minBytes() {
    return minBytes;
  }

  public int minPackets() {
    return minPackets;
  }
}
