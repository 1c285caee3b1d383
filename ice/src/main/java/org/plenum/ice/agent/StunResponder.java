package org.plenum.ice.agent;

import org.plenum.ice.NetworkPath;

/// Where an agent puts its STUN responses; called during [IceLiteAgent#onStun] only.
@FunctionalInterface
public interface StunResponder {
  /// @param message the encoded response, which the callee may keep
  void respond(byte[] message, NetworkPath path);
}
