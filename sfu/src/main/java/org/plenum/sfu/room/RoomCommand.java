package org.plenum.sfu.room;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.agent.IceCredentials;
import org.plenum.sfu.DirectEnd;
import org.plenum.sfu.JoinRequest;
import org.plenum.sfu.LeaveReason;
import org.plenum.sfu.Mid;
import org.plenum.sfu.ParticipantDetails;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.ParticipantStatistics;
import org.plenum.sfu.PeerMessage;
import org.plenum.sfu.Permissions;
import org.plenum.sfu.Playback;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.RoomListener;
import org.plenum.sfu.RoomSnapshot;
import org.plenum.sfu.RoomTap;
import org.plenum.sfu.SeatView;
import org.plenum.sfu.Silence;
import org.plenum.sfu.TrackId;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.TransportAnswer;
import org.plenum.sfu.TransportOffer;
import org.plenum.sfu.relay.RelayEnd;
import org.plenum.sfu.relay.RelayMessage;

/// What others ask of a room, by way of its worker's mailbox.
public sealed interface RoomCommand {
  /// @param home by which the branch of the room is reached where it is to be at home; null: here
  record Join(
      JoinRequest request,
      RoomListener listener,
      CompletableFuture<RoomSnapshot> result,
      @Nullable RelayEnd home)
      implements RoomCommand {
    /// Here.
    public Join(
        JoinRequest request, RoomListener listener, CompletableFuture<RoomSnapshot> result) {
      this(request, listener, result, null);
    }
  }

  record Negotiate(
      ParticipantId participant, TransportOffer offer, CompletableFuture<TransportAnswer> result)
      implements RoomCommand {}

  record RestartIce(
      ParticipantId participant, IceCredentials remote, CompletableFuture<TransportAnswer> result)
      implements RoomCommand {}

  record View(ParticipantId viewer, List<SeatView> seats) implements RoomCommand {}

  record Mute(ParticipantId publisher, Mid mid, boolean muted) implements RoomCommand {}

  record Report(ParticipantId viewer, Playback playback) implements RoomCommand {}

  record Rename(ParticipantId participant, String name) implements RoomCommand {}

  record Snapshot(ParticipantId participant, CompletableFuture<RoomSnapshot> result)
      implements RoomCommand {}

  record Statistics(ParticipantId participant, CompletableFuture<ParticipantStatistics> result)
      implements RoomCommand {}

  record Lock(boolean locked) implements RoomCommand {}

  record Participants(CompletableFuture<List<ParticipantDetails>> result) implements RoomCommand {}

  record SilenceTrack(
      ParticipantId publisher,
      TrackId track,
      boolean silenced,
      CompletableFuture<ParticipantDetails> result)
      implements RoomCommand {}

  /// @param sources all that are muted of this person from now on
  record SilenceSources(
      ParticipantId publisher,
      Set<TrackSource> sources,
      CompletableFuture<ParticipantDetails> result)
      implements RoomCommand {}

  record Silences(CompletableFuture<Set<Silence>> result) implements RoomCommand {}

  record RestoreSilences(Set<Silence> kept) implements RoomCommand {}

  record Permit(
      ParticipantId participant,
      Permissions permissions,
      CompletableFuture<ParticipantDetails> result)
      implements RoomCommand {}

  /// @param to null: everyone but the sender
  record Send(
      RoomEvent.MessageReceived message,
      @Nullable ParticipantId to,
      CompletableFuture<Integer> result)
      implements RoomCommand {}

  /// Whether two people of this room may talk directly.
  record AllowDirect(boolean allowed) implements RoomCommand {}

  /// Whether the room stays open though nobody is in it.
  record KeepOpen(boolean kept) implements RoomCommand {}

  record Peer(
      ParticipantId from, ParticipantId to, PeerMessage message, CompletableFuture<Boolean> result)
      implements RoomCommand {}

  /// Whether a participant agrees to talk directly from now on.
  record AgreeDirect(ParticipantId participant, boolean agrees) implements RoomCommand {}

  record DirectConnected(ParticipantId participant, long call) implements RoomCommand {}

  record DirectFailed(ParticipantId participant, long call, DirectEnd reason)
      implements RoomCommand {}

  record Tap(RoomTap tap, CompletableFuture<RoomTap> result) implements RoomCommand {}

  record Leave(ParticipantId participant, LeaveReason reason) implements RoomCommand {}

  record Close() implements RoomCommand {}

  /// The room has a branch from now on.
  record Attach(RelayEnd branch) implements RoomCommand {}

  /// Another part of the room says something.
  ///
  /// @param from the end here of the relay that it came by
  record Relayed(RelayEnd from, RelayMessage message) implements RoomCommand {}

  /// Whom this is about, for the log; null: all.
  default @Nullable ParticipantId participant() {
    return switch (this) {
      case Join join -> join.request().id();
      case Negotiate negotiate -> negotiate.participant();
      case RestartIce restart -> restart.participant();
      case View view -> view.viewer();
      case Mute mute -> mute.publisher();
      case Report report -> report.viewer();
      case Rename rename -> rename.participant();
      case Snapshot snapshot -> snapshot.participant();
      case Statistics statistics -> statistics.participant();
      case SilenceTrack silence -> silence.publisher();
      case SilenceSources silence -> silence.publisher();
      case Permit permit -> permit.participant();
      case Send send -> send.message().from();
      case Leave leave -> leave.participant();
      case Peer peer -> peer.from();
      case AgreeDirect agree -> agree.participant();
      case DirectConnected direct -> direct.participant();
      case DirectFailed direct -> direct.participant();
      case Relayed(_, RelayMessage.Admitted admitted) -> admitted.request().id();
      case AllowDirect _,
          KeepOpen _,
          Lock _,
          Participants _,
          Silences _,
          RestoreSilences _,
          Tap _,
          Attach _,
          Relayed _,
          Close _ ->
          null;
    };
  }

  /// The future that waits for this command, if any; it must not be left waiting.
  default List<CompletableFuture<?>> waiting() {
    return switch (this) {
      case Join join -> List.of(join.result());
      case Negotiate negotiate -> List.of(negotiate.result());
      case RestartIce restart -> List.of(restart.result());
      case Snapshot snapshot -> List.of(snapshot.result());
      case Statistics statistics -> List.of(statistics.result());
      case Participants participants -> List.of(participants.result());
      case SilenceTrack silence -> List.of(silence.result());
      case SilenceSources silence -> List.of(silence.result());
      case Silences silences -> List.of(silences.result());
      case Permit permit -> List.of(permit.result());
      case Send send -> List.of(send.result());
      case Tap tap -> List.of(tap.result());
      case Peer peer -> List.of(peer.result());
      case Relayed(_, RelayMessage.Admitted admitted) -> List.of(admitted.result());
      case View _,
          Mute _,
          Report _,
          Rename _,
          Lock _,
          RestoreSilences _,
          AllowDirect _,
          KeepOpen _,
          AgreeDirect _,
          DirectConnected _,
          DirectFailed _,
          Leave _,
          Attach _,
          Relayed _,
          Close _ ->
          List.of();
    };
  }
}
