package org.plenum.sfu.receive;

import org.jspecify.annotations.Nullable;
import org.plenum.sfu.Codec;

/// The codecs that another node numbered.
@FunctionalInterface
public interface CodecNumbers {
  /// Null if it has no such number, or has not come yet.
  @Nullable Codec find(int number);
}
