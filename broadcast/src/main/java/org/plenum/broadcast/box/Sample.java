package org.plenum.broadcast.box;

/// A frame in a fragment.
///
/// @param data not to be changed
/// @param duration in units of the track's time scale
/// @param sync whether a decoder can start with it
public record Sample(byte[] data, int duration, boolean sync) {}
