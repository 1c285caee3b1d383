package org.plenum.sfu.forward;

/// Where the packets of a track go. A viewer's [Slot] is one; whoever else wants a track's packets
/// is one too, and the track knows none of them apart. Worker's thread only.
public interface TrackSink {
  /// Its bandwidth is no matter.
  long UNLIMITED = Long.MAX_VALUE;

  /// A new packet of one of the track's layers, just entered into the layer's cache. Packets may
  /// come out of order; none comes twice.
  ///
  /// @param sequenceNumber the layer's, unwrapped
  /// @param entry in the layer's cache, valid during the call
  void onPacket(Layer layer, long sequenceNumber, int entry);

  /// The track has other layers than before, or knows more of them.
  void onLayersChanged(Track track);

  /// A layer is gone: its publisher began another SSRC, or stopped this encoding for good. Its
  /// cache is freed after the call.
  void onLayerGone(Layer layer);

  /// The track is gone. The caches of its layers are freed after the call.
  void onTrackEnded(Track track);

  /// Whether it needs what comes of this layer: layers that nobody needs are not repaired.
  boolean wants(Layer layer);

  /// What it could be sent of this layer, bit/s: [#UNLIMITED] if its bandwidth is no matter; 0 if
  /// it is to carry another layer however small this one were.
  default long roomFor(Layer layer) {
    return wants(layer) ? UNLIMITED : 0;
  }
}
