package org.plenum.ice.agent;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Finds the agent a Binding request is meant for, before anything is decoded or authenticated.
public final class StunUsername {
  private StunUsername() {}

  /// The local ufrag: what stands before the colon in USERNAME (RFC 8445 §7.2.2).
  ///
  /// @return null if this is no Binding request with a USERNAME of that form; never throws on
  /// hostile bytes
  public static @Nullable String localUfrag(MemorySegment bytes, long offset, int length) {
    throw new UnsupportedOperationException();
  }
}
