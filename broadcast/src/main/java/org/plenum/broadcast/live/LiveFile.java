package org.plenum.broadcast.live;

import org.jspecify.annotations.Nullable;

/// A file of a broadcast as it is served.
///
/// @param bytes not to be changed
/// @param gzip the same, compressed; null where that saves nothing. Not to be changed
/// @param etag as HTTP has it, in quotes: changes with the bytes
/// @param immutable whether a file of this name never has other bytes
public record LiveFile(
    byte[] bytes, byte @Nullable [] gzip, String contentType, String etag, boolean immutable) {}
