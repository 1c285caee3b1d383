package org.plenum.sfu.node;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.agent.IceCredentials;
import org.plenum.sfu.JoinRequest;
import org.plenum.sfu.Mid;
import org.plenum.sfu.ParticipantDetails;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.ParticipantStatistics;
import org.plenum.sfu.Playback;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.RoomSettings;
import org.plenum.sfu.RoomSnapshot;
import org.plenum.sfu.SeatView;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.TransportAnswer;
import org.plenum.sfu.TransportOffer;
import org.plenum.sfu.relay.RelayMessage;

/// What two parts of a room on two nodes tell each other, in order, over the connection between the
/// nodes. [RecordForm] says how it is written.
public sealed interface NodeMessage {
  /// Of this protocol. Components and messages that are new need no other: who does not know them
  /// leaves them out. A node of another version is refused.
  int VERSION = 1;

  /// The owner asks for a branch; the first message.
  ///
  /// @param media the owner's worker's port
  /// @param ownerSsrc of the owner's packets
  /// @param branchSsrc of the branch's packets
  /// @param ownerKey what protects the owner's packets, with its salt
  /// @param branchKey what protects the branch's packets, with its salt
  record Open(
      int version,
      RoomId room,
      RoomSettings settings,
      InetSocketAddress media,
      int ownerSsrc,
      int branchSsrc,
      byte[] ownerKey,
      byte[] ownerSalt,
      byte[] branchKey,
      byte[] branchSalt)
      implements NodeMessage {
    /// Without keys, which must never get into a log.
    @Override
    public String toString() {
      return "Open[" + room + "]";
    }
  }

  /// There is a branch; the first answer.
  ///
  /// @param media the branch's worker's port
  record Opened(InetSocketAddress media) implements NodeMessage {}

  /// The branch hears the owner's datagrams: they pass.
  record Heard() implements NodeMessage {}

  /// There is none.
  record NotOpened(String why) implements NodeMessage {}

  /// What is told between workers of one process too. An [RelayMessage.Admitted] goes as
  /// [Admit]; a time of this machine goes as how long ago it was, in nanoseconds.
  record Told(RelayMessage message) implements NodeMessage {}

  /// [RelayMessage.Admitted], whose listener and answer stay with the owner.
  record Admit(JoinRequest request, long admission, Set<TrackSource> silenced, int hidden)
      implements NodeMessage {
    public Admit {
      silenced = Set.copyOf(silenced);
    }
  }

  /// Somebody is in.
  record Entered(long admission, RoomSnapshot snapshot) implements NodeMessage {}

  /// What the room tells somebody who is at home at the branch.
  record Happened(long admission, RoomEvent event) implements NodeMessage {}

  /// About the media of somebody who is at home at the branch.
  record Asked(long id, Question question) implements NodeMessage {}

  record Answered(long id, Answer answer) implements NodeMessage {}

  /// What the owner asks, or says.
  sealed interface Question {}

  record Negotiate(ParticipantId participant, TransportOffer offer) implements Question {}

  record RestartIce(ParticipantId participant, IceCredentials remote) implements Question {}

  record Snapshot(ParticipantId participant) implements Question {}

  record Statistics(ParticipantId participant) implements Question {}

  record Participants() implements Question {}

  record View(ParticipantId viewer, List<SeatView> seats) implements Question {
    public View {
      seats = List.copyOf(seats);
    }
  }

  record Mute(ParticipantId publisher, Mid mid, boolean muted) implements Question {}

  record Rename(ParticipantId participant, String name) implements Question {}

  record Report(ParticipantId viewer, Playback playback) implements Question {}

  /// What the branch answers to what it was asked.
  sealed interface Answer {}

  record Negotiated(TransportAnswer answer) implements Answer {}

  record Shown(RoomSnapshot snapshot) implements Answer {}

  record Counted(ParticipantStatistics statistics) implements Answer {}

  record Listed(List<ParticipantDetails> participants) implements Answer {
    public Listed {
      participants = List.copyOf(participants);
    }
  }

  /// @param reason null: one that this version does not know
  record Refused(RefusedException.@Nullable Reason reason, String message) implements Answer {}
}
