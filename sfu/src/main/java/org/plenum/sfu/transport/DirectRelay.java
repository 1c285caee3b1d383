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

  /// Whether their media comes from there: ICE and DTLS have proven that they receive there.
  private boolean isAt(long high, long low) {
    NetworkPath path = transport == null ? null : transport.clientPath();
    return path != null && path.remoteLow() == low && path.remoteHigh() == high;
  }
}
