package org.plenum.signaling.session;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.ParticipantId;
import org.plenum.signaling.protocol.ServerMessage;
import org.plenum.signaling.protocol.ServerMessage.Joined;
import org.plenum.signaling.protocol.ServerMessage.Left;
import org.plenum.signaling.protocol.ServerMessage.RosterChange;

/// Counts a room's participants and, in rooms of more than 50, gathers their changes so that a
/// client hears of them four times a second. Not thread-safe.
final class RosterBatch {
  /// Rooms up to this size hear of each change by itself.
  static final int LARGE_ROOM = 50;

  /// Four times a second.
  static final long INTERVAL_NANOS = 250_000_000L;

  /// A batch of so many goes out at once, whatever the time.
  static final int MAX_CHANGES = 1024;

  private final List<RosterChange> changes = new ArrayList<>();
  private int participants;
  private boolean waiting;

  /// Starts anew.
  ///
  /// @param others how many participants there are beside the one who is told
  void restart(int others) {
    participants = others + 1;
    changes.clear();
    waiting = false;
  }

  /// Takes a change in; returns what is to be sent at once, or null.
  @Nullable ServerMessage add(RosterChange change) {
    participants += change instanceof Joined ? 1 : change instanceof Left ? -1 : 0;
    if (!waiting && participants <= LARGE_ROOM) {
      return change;
    }
    changes.add(change);
    return changes.size() >= MAX_CHANGES ? take() : null;
  }

  /// Whether somebody must call [#take] after [#INTERVAL_NANOS]; says so once for each batch.
  boolean startsWaiting() {
    boolean starts = !waiting && !changes.isEmpty();
    waiting |= starts;
    return starts;
  }

  /// Whether a change of this participant waits.
  boolean holds(ParticipantId participant) {
    for (RosterChange change : changes) {
      if (participant.equals(subject(change))) {
        return true;
      }
    }
    return false;
  }

  /// What has gathered, or null.
  @Nullable ServerMessage take() {
    if (changes.isEmpty()) {
      return null;
    }
    ServerMessage batch = new ServerMessage.Roster(changes);
    changes.clear();
    return batch;
  }

  /// The interval is over: what has gathered, or null.
  @Nullable ServerMessage takeAtInterval() {
    waiting = false;
    return take();
  }

  private static ParticipantId subject(RosterChange change) {
    return switch (change) {
      case Joined(var participant) -> participant.id();
      case Left(var participant, _) -> participant;
      case ServerMessage.Track(var participant, _) -> participant;
      case ServerMessage.Untrack(var participant, _) -> participant;
      case ServerMessage.Silenced(var participant, _) -> participant;
      case ServerMessage.Renamed(var participant, _) -> participant;
    };
  }
}
