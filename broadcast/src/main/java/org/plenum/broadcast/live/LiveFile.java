package org.plenum.broadcast.live;

/// A file of a broadcast as it is served.
///
/// @param bytes not to be changed
/// @param etag as HTTP has it, in quotes: changes with the bytes
/// @param immutable whether a file of this name never has other bytes
public record LiveFile(byte[] bytes, String contentType, String etag, boolean immutable) {}
