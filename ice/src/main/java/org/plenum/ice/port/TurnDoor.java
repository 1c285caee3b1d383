package org.plenum.ice.port;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NetworkPath;

/// Whoever comes over TCP to use our TURN server, before it is known which worker's they are.
/// Called on the [TcpListener]'s thread.
public interface TurnDoor {
  /// The name that a port expects whom this message is from by ([MediaPort#expect]), authenticated
  /// or not; null if it says none.
  @Nullable String user(MemorySegment bytes, long offset, int length);

  /// The answer that asks for a user name and password.
  ///
  /// @return null if the message is nothing to answer so: the connection is to be closed
  byte @Nullable [] challenge(
      MemorySegment bytes, long offset, int length, NetworkPath from, long nowNanos);
}
