package org.plenum.broadcast.frame;

import org.jspecify.annotations.Nullable;

/// A picture with its time.
///
/// @param timestamp of its stream's own clock, 90 kHz, unwrapped
/// @param data one sample, not to be changed
/// @param format if a decoder can start here; else null
/// @param arrivalNanos monotonic time at which its first packet came
public record Frame(long timestamp, byte[] data, @Nullable VideoFormat format, long arrivalNanos) {
  /// Whether a decoder can start here.
  public boolean isKey() {
    return format != null;
  }
}
