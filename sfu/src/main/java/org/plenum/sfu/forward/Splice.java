package org.plenum.sfu.forward;

/// How a layer's numbers become a slot's from one point on: constant differences, chosen so that
/// the slot's sequence
/// numbers, picture ids and TL0PICIDX run on and its clock goes on by the wall time passed. Since
/// the differences are constant, a
/// retransmission is made from the splice that was in force, without a record per packet.
///
/// @param firstSource the layer's sequence number (unwrapped) from which on it holds
/// @param sequenceOffset slot's = layer's + this, both unwrapped
/// @param timestampOffset slot's = layer's + this, modulo 2^32
/// @param pictureIdOffset slot's = layer's + this, modulo 2^7 or 2^15 as the layer's picture ids
/// are
/// @param tl0PicIdxOffset slot's = layer's + this, modulo 2^8
/// @param frameNumberOffset slot's frame number in the dependency descriptor = layer's + this,
/// modulo 2^16
public record Splice(
    Layer layer,
    long firstSource,
    long sequenceOffset,
    int timestampOffset,
    int pictureIdOffset,
    int tl0PicIdxOffset,
    int frameNumberOffset) {
  /// The slot's first sequence number under this splice, unwrapped.
  public long firstSent() {
    return firstSource + sequenceOffset;
  }

  /// The slot's sequence number, unwrapped, of one of the layer's.
  public long toSent(long source) {
    return source + sequenceOffset;
  }

  /// The layer's sequence number of one of the slot's.
  public long toSource(long sent) {
    return sent - sequenceOffset;
  }

  /// The slot's timestamp of one of the layer's.
  public int timestamp(int source) {
    return source + timestampOffset;
  }

  /// The slot's picture id of one of the layer's.
  ///
  /// @param bits 7 or 15
  public int pictureId(int source, int bits) {
    return source + pictureIdOffset & (1 << bits) - 1;
  }

  /// The slot's TL0PICIDX of one of the layer's.
  public int tl0PicIdx(int source) {
    return source + tl0PicIdxOffset & 0xFF;
  }

  /// The slot's frame number of one of the layer's.
  public int frameNumber(int source) {
    return source + frameNumberOffset & 0xFFFF;
  }
}
