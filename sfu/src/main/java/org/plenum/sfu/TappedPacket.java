package org.plenum.sfu;

/// A packet that came out of a [RoomTap].
///
/// @param sequenceNumber the layer's, unwrapped and without gaps but for packets that are missing
/// @param timestamp the layer's, wraps at 32 bits
/// @param marker RTP's: the last packet of a picture
/// @param codec its publisher's
/// @param payload empty if it only keeps a number: padding, or of a spatial layer above the lowest
/// @param arrivalNanos monotonic time at which it arrived
public record TappedPacket(
    TappedStream stream,
    long sequenceNumber,
    int timestamp,
    boolean marker,
    CodecName codec,
    byte[] payload,
    long arrivalNanos) {}
