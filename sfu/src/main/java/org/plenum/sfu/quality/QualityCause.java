package org.plenum.sfu.quality;

import java.util.Locale;

/// Whose fault a bad second is, in the order in which media passes. Each constant is also a metric
/// label.
public enum QualityCause {
  /// Nothing to complain of.
  NONE,
  /// The publisher's computer: its encoder is short of processing power, its camera stands still.
  PUBLISHER_DEVICE,
  /// The network between the publisher and the server.
  PUBLISHER_UPLINK,
  SERVER,
  /// The network between the server and the viewer.
  VIEWER_DOWNLINK,
  /// The viewer's computer: what came in time is not shown.
  VIEWER_DEVICE;

  /// As in messages and metrics: `viewer-downlink`.
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
