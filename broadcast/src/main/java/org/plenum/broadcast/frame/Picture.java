package org.plenum.broadcast.frame;

import org.jspecify.annotations.Nullable;

/// A picture as a file carries it.
///
/// @param data one sample, not to be changed
/// @param format if a decoder can start here; else null
public record Picture(byte[] data, @Nullable VideoFormat format) {}
