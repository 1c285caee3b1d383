package org.plenum.broadcast.hls;

/// An initialization segment.
///
/// @param codec with its profile and level, as RFC 6381 has it
/// @param width of the picture in pixels; 0 for sound
/// @param height of the picture in pixels; 0 for sound
/// @param bytes not to be changed
public record Init(String codec, int width, int height, byte[] bytes) {}
