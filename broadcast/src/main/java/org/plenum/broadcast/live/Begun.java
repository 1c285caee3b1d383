package org.plenum.broadcast.live;

/// What somebody asked to begin, and is on now.
///
/// @param isNew whether it was not on before
public record Begun<T>(T what, boolean isNew) {}
