package org.plenum.sfu;

/// A published track as others are told of it.
///
/// @param muted whether its publisher or a moderator has muted it
public record TrackInfo(TrackId track, TrackSource source, boolean muted) {}
