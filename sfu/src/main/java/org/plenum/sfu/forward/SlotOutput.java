package org.plenum.sfu.forward;

/// The way from a slot to its viewer: a stream of the viewer's transport, seen from the forwarding
/// side.
public interface SlotOutput {
  /// Flag: the first packet of a binding; the slot starts a new splice with it. The slot is told
  /// when it leaves the queue ([Slot#onStartTaken]).
  int NEW_SPLICE = 1;

  /// Flag: had its egress verdict before and gets no second one.
  int UNCOUNTED = 2;

  /// Flag: only the packet's number is sent, under which it was missed until it turned out to be of
  /// a layer that is left out.
  int BLANK = 4;

  /// The bound track has other layers than before, or more is known of them.
  default void onLayersChanged() {}

  /// A publisher is to be asked for a key frame, for the slot waits for it.
  default void onKeyFrameWanted() {}

  /// Whether media can be sent now (a path and keys).
  boolean isOpen();

  /// Whether packets carry dependency descriptors to the viewer.
  default boolean carriesDescriptors() {
    return true;
  }

  /// Appends a reference to a packet of a layer to what is sent in the out phase of this turn, in
  /// order.
  ///
  /// @param sequenceNumber the layer's, unwrapped
  /// @param entry in the layer's cache, valid during the call
  /// @param omittedBefore what the slot left out of the layer before it: see [Omitted]
  void enqueue(Layer layer, long sequenceNumber, int entry, long omittedBefore, int flags);
}
