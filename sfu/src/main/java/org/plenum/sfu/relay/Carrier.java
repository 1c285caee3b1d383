package org.plenum.sfu.relay;

import org.plenum.sfu.Codec;

/// What brings the packets of a [RelayEnd] to the other end, and the other's here: a ring that both
/// workers see, or a network. Worker's thread only.
interface Carrier {
  /// Belongs to this worker from now on.
  ///
  /// @return false if it has no place for it
  boolean settle(RelayEnd.Home worker);

  /// The other end will be told of layers in this codec.
  void announce(Codec codec);

  /// The other end has numbered a codec.
  void numbered(int number, Codec codec);

  /// What was written goes on its way. To be called at the end of each turn.
  void flush(long nowNanos);

  /// Does what is due. To be called every 10 ms.
  ///
  /// @return whether packets were lost since, and will not come
  boolean onTimeout(long nowNanos);

  /// Idempotent.
  void close();
}
