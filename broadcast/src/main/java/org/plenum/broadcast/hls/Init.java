package org.plenum.broadcast.hls;

import org.plenum.broadcast.frame.VideoFormat;

/// An initialization segment.
///
/// @param bytes not to be changed
public record Init(VideoFormat format, byte[] bytes) {}
