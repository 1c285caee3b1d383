package org.plenum.sfu.forward;

/// How a layer's numbers become a slot's from one point on: constant differences, chosen so that
/// the slot's sequence numbers, picture ids and TL0PICIDX run on, and its clock advances by the
/// wall time that has passed. The differences are to the layer's numbers *less what the slot left
/// out of it* ([Omitted]), so they stay constant when a slot forwards only some of the layers
/// within a stream.
///
/// @param firstSource the layer's sequence number (unwrapped, less omitted packets) from which on
///     it holds
/// @param sequenceOffset slot's = layer's less omitted packets + this, both unwrapped
/// @param timestampOffset slot's = layer's + this, modulo 2^32
/// @param pictureIdOffset slot's = layer's less omitted pictures + this, modulo 2^7 or 2^15 as the
///     layer's picture ids are
/// @param tl0PicIdxOffset slot's = layer's + this, modulo 2^8
/// @param frameNumberOffset slot's frame number in the dependency descriptor = layer's + this,
///     modulo 2^16
public record Splice(
    Layer layer,
    long firstSource,
    long sequenceOffset,
    int timestampOffset,
    int pictureIdOffset,
    int tl0PicIdxOffset,
    int frameNumberOffset) {
  /// The slot's sequence number, unwrapped, of one of the layer's.
  ///
  /// @param omittedBefore what was left out before that packet
  public long sequenceNumber(long source, long omittedBefore) {
    return source - Omitted.packets(omittedBefore) + sequenceOffset;
  }

  /// The slot's timestamp of one of the layer's.
  public int timestamp(int source) {
    return source + timestampOffset;
  }

  /// The slot's picture id of one of the layer's.
  ///
  /// @param omittedBefore what was left out before that packet
  /// @param bits 7 or 15
  public int pictureId(int source, long omittedBefore, int bits) {
    return source - Omitted.pictures(omittedBefore) + pictureIdOffset & (1 << bits) - 1;
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
