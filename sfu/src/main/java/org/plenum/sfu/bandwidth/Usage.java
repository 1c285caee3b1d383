package org.plenum.sfu.bandwidth;

/// What the trend of the delay says about a path.
enum Usage {
  /// The queue neither grows nor drains.
  NORMAL,
  /// The queue grows: more is sent than the bottleneck passes on.
  OVERUSING,
  /// The queue drains.
  UNDERUSING
}
