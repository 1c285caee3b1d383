package org.plenum.broadcast.hls;

/// A partial segment (RFC 8216bis §4.4.4.9): of the media of its segment what came in a short time.
///
/// @param bytes not to be changed
/// @param durationTicks more than 0, and [Rendition#PART_TICKS] but for the last of a segment,
///     which may be shorter
/// @param independent whether it begins where a decoder can start
public record Part(byte[] bytes, long durationTicks, boolean independent) {}
