package org.plenum.sfu.transport;

import org.jspecify.annotations.Nullable;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.turn.Introduced;
import org.plenum.sfu.ParticipantId;

/// Somebody of a direct call, as our TURN server knows them: by a user name of its own for it, and
/// by where their media to us comes from.
///
/// @param transport null: they have none yet
public record DirectRelay(ParticipantId participant, @Nullable Transport transport) {
  Introduced introduced() {
    return new Introduced(participant.directRelayName(), this::isAt);
  }

  /// By which their media comes: ICE and DTLS have proven that they receive there. Null if there is
  /// none.
  @Nullable NetworkPath path() {
    return transport == null ? null : transport.clientPath();
  }

  private boolean isAt(long high, long low) {
    NetworkPath path = path();
    return path != null && path.remoteLow() == low && path.remoteHigh() == high;
  }
}
