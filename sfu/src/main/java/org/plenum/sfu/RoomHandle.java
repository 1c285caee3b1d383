package org.plenum.sfu;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.agent.IceCredentials;
import org.plenum.ice.candidate.Candidate;

/// A room, from outside its worker. Any thread; calls do not block. Futures complete on the
/// worker's thread, so dependent work belongs elsewhere; they fail with [RefusedException].
public interface RoomHandle {
  RoomId id();

  /// Where media of somebody who has entered this room is received, best first: there too the SFU's
  /// own TURN server is reached, which relays to it, and its STUN server. Empty if neither is.
  default List<Candidate> places(ParticipantId participant) {
    return List.of();
  }

  /// Adds a participant. Events come to `listener` from then on.
  CompletableFuture<RoomSnapshot> join(JoinRequest request, RoomListener listener);

  /// Opens or changes a participant's transport.
  CompletableFuture<TransportAnswer> negotiate(ParticipantId participant, TransportOffer offer);

  /// Restarts ICE (RFC 8445 §9) without an offer: new credentials on our side, while DTLS, SRTP,
  /// tracks and slots stay. Credentials that are in force already restart nothing.
  ///
  /// @param remote the client's new credentials
  CompletableFuture<TransportAnswer> restartIce(ParticipantId participant, IceCredentials remote);

  /// Says what each seat shows; seats not listed become empty. For a participant that has
  /// never called this, the room fills the seats in order of joining.
  void view(ParticipantId viewer, List<SeatView> seats);

  /// Tells the others whether a track is muted; the publisher itself stops sending.
  void mute(ParticipantId publisher, Mid mid, boolean muted);

  /// Shows a participant under another name, to everyone.
  ///
  /// @param name as [ShownText#name] leaves it
  void rename(ParticipantId participant, String name);

  /// Takes note of what a participant's client says of what it sees.
  void report(ParticipantId viewer, Playback playback);

  /// The room as this participant may see it now.
  CompletableFuture<RoomSnapshot> snapshot(ParticipantId participant);

  /// The counters for a participant's media.
  CompletableFuture<ParticipantStatistics> statistics(ParticipantId participant);

  /// Never refused, idempotent.
  void leave(ParticipantId participant, LeaveReason reason);

  /// A locked room lets nobody in but those who may enter it and those who take the place of a
  /// session of their own.
  void lock(boolean locked);

  /// Everyone, with everything that is known about them, in order of joining.
  CompletableFuture<List<ParticipantDetails>> participants();

  /// A moderator mutes a track, or lets it be heard again: muted, it is forwarded to nobody,
  /// whatever its publisher sends. It is its source that is muted, of all participants of its
  /// person, and of those who come later while the room lives.
  CompletableFuture<ParticipantDetails> silence(
      ParticipantId publisher, TrackId track, boolean silenced);

  /// The same for all sources of a person, published or not.
  ///
  /// @param sources those that are muted from now on
  CompletableFuture<ParticipantDetails> silence(ParticipantId publisher, Set<TrackSource> sources);

  /// Everything that moderators have muted.
  CompletableFuture<Set<Silence>> silences();

  /// Mutes again what was muted before a restart; before anybody has joined.
  void restoreSilences(Set<Silence> kept);

  /// Changes what a participant may do from now on.
  CompletableFuture<ParticipantDetails> permit(ParticipantId participant, Permissions permissions);

  /// Brings a message to participants; completes with how many there were.
  ///
  /// @param to null: everyone but the sender
  /// @param from null: the server
  CompletableFuture<Integer> send(
      @Nullable ParticipantId from, @Nullable ParticipantId to, String topic, String text);

  /// Whether two people of this room may talk directly from now on.
  void allowDirect(boolean allowed);

  /// Whether the room stays open from now on though nobody is in it; not at first.
  void keepOpen(boolean kept);

  /// Brings a message to the client of the one whom a participant talks to directly. Completes with
  /// true; refused is what they have not agreed to, and what is too much.
  CompletableFuture<Boolean> peer(ParticipantId from, ParticipantId to, PeerMessage message);

  /// Whether a participant agrees to talk directly from now on; it does at first, if it asked for
  /// that when it joined.
  void agreeDirect(ParticipantId participant, boolean agrees);

  /// A participant's client is connected to that of the other.
  void directConnected(ParticipantId participant, long call);

  /// A participant's client has no path to that of the other, or none that is any good.
  ///
  /// @param reason one that [DirectEnd#isOfPath]
  void directFailed(ParticipantId participant, long call, DirectEnd reason);

  /// Lets an observer have the room's media, until the room closes or the observer closes the tap.
  CompletableFuture<RoomTap> tap(RoomTap tap);

  /// Ends the room for everyone. Never refused, idempotent.
  void close();

  boolean isClosed();
}
