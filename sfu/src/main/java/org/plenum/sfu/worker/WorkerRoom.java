package org.plenum.sfu.worker;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.agent.IceCredentials;
import org.plenum.ice.candidate.Candidate;
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
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RefusedException.Reason;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.RoomHandle;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.RoomListener;
import org.plenum.sfu.RoomObserver;
import org.plenum.sfu.RoomSnapshot;
import org.plenum.sfu.RoomTap;
import org.plenum.sfu.SeatView;
import org.plenum.sfu.Silence;
import org.plenum.sfu.TrackId;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.TransportAnswer;
import org.plenum.sfu.TransportOffer;
import org.plenum.sfu.relay.RelayEnd;
import org.plenum.sfu.room.Room;
import org.plenum.sfu.room.RoomCommand;

/// A room as the rest of the program sees it: every call becomes a command in its worker's mailbox.
final class WorkerRoom implements RoomHandle, PartHandle {
  private final RoomId id;
  private final Worker worker;
  final RoomObserver observer;
  private volatile boolean closed;

  /// The room itself; the worker's thread only, null until it has opened it.
  @Nullable Room room;

  WorkerRoom(RoomId id, Worker worker, RoomObserver observer) {
    this.id = id;
    this.worker = worker;
    this.observer = observer;
  }

  @Override
  public RoomId id() {
    return id;
  }

  @Override
  public List<Candidate> places(ParticipantId participant) {
    return worker.places();
  }

  @Override
  public CompletableFuture<RoomSnapshot> join(JoinRequest request, RoomListener listener) {
    return join(request, listener, null);
  }

  /// @param home by which the branch of the room is reached where it is to be at home; null: here
  CompletableFuture<RoomSnapshot> join(
      JoinRequest request, RoomListener listener, @Nullable RelayEnd home) {
    var result = new CompletableFuture<RoomSnapshot>();
    ask(new RoomCommand.Join(request, listener, result, home), result);
    return result;
  }

  @Override
  public CompletableFuture<TransportAnswer> negotiate(
      ParticipantId participant, TransportOffer offer) {
    var result = new CompletableFuture<TransportAnswer>();
    ask(new RoomCommand.Negotiate(participant, offer, result), result);
    return result;
  }

  @Override
  public CompletableFuture<TransportAnswer> restartIce(
      ParticipantId participant, IceCredentials remote) {
    var result = new CompletableFuture<TransportAnswer>();
    ask(new RoomCommand.RestartIce(participant, remote, result), result);
    return result;
  }

  @Override
  public void view(ParticipantId viewer, List<SeatView> seats) {
    worker.offer(this, new RoomCommand.View(viewer, List.copyOf(seats)));
  }

  @Override
  public void mute(ParticipantId publisher, Mid mid, boolean muted) {
    worker.offer(this, new RoomCommand.Mute(publisher, mid, muted));
  }

  @Override
  public void rename(ParticipantId participant, String name) {
    worker.offer(this, new RoomCommand.Rename(participant, name));
  }

  @Override
  public void report(ParticipantId viewer, Playback playback) {
    worker.offer(this, new RoomCommand.Report(viewer, playback));
  }

  @Override
  public CompletableFuture<RoomSnapshot> snapshot(ParticipantId participant) {
    var result = new CompletableFuture<RoomSnapshot>();
    ask(new RoomCommand.Snapshot(participant, result), result);
    return result;
  }

  @Override
  public CompletableFuture<ParticipantStatistics> statistics(ParticipantId participant) {
    var result = new CompletableFuture<ParticipantStatistics>();
    ask(new RoomCommand.Statistics(participant, result), result);
    return result;
  }

  @Override
  public void lock(boolean locked) {
    worker.offer(this, new RoomCommand.Lock(locked));
  }

  @Override
  public CompletableFuture<List<ParticipantDetails>> participants() {
    var result = new CompletableFuture<List<ParticipantDetails>>();
    ask(new RoomCommand.Participants(result), result);
    return result;
  }

  @Override
  public CompletableFuture<ParticipantDetails> silence(
      ParticipantId publisher, TrackId track, boolean silenced) {
    var result = new CompletableFuture<ParticipantDetails>();
    ask(new RoomCommand.SilenceTrack(publisher, track, silenced, result), result);
    return result;
  }

  @Override
  public CompletableFuture<ParticipantDetails> silence(
      ParticipantId publisher, Set<TrackSource> sources) {
    var result = new CompletableFuture<ParticipantDetails>();
    ask(new RoomCommand.SilenceSources(publisher, sources, result), result);
    return result;
  }

  @Override
  public CompletableFuture<Set<Silence>> silences() {
    var result = new CompletableFuture<Set<Silence>>();
    ask(new RoomCommand.Silences(result), result);
    return result;
  }

  @Override
  public void restoreSilences(Set<Silence> kept) {
    worker.offer(this, new RoomCommand.RestoreSilences(kept));
  }

  @Override
  public CompletableFuture<ParticipantDetails> permit(
      ParticipantId participant, Permissions permissions) {
    var result = new CompletableFuture<ParticipantDetails>();
    ask(new RoomCommand.Permit(participant, permissions, result), result);
    return result;
  }

  @Override
  public CompletableFuture<Integer> send(
      @Nullable ParticipantId from, @Nullable ParticipantId to, String topic, String text) {
    var result = new CompletableFuture<Integer>();
    var message = new RoomEvent.MessageReceived(from, topic, text, to != null);
    ask(new RoomCommand.Send(message, to, result), result);
    return result;
  }

  @Override
  public void allowDirect(boolean allowed) {
    worker.offer(this, new RoomCommand.AllowDirect(allowed));
  }

  @Override
  public void keepOpen(boolean kept) {
    worker.offer(this, new RoomCommand.KeepOpen(kept));
  }

  @Override
  public CompletableFuture<Boolean> peer(
      ParticipantId from, ParticipantId to, PeerMessage message) {
    var result = new CompletableFuture<Boolean>();
    ask(new RoomCommand.Peer(from, to, message, result), result);
    return result;
  }

  @Override
  public void agreeDirect(ParticipantId participant, boolean agrees) {
    worker.offer(this, new RoomCommand.AgreeDirect(participant, agrees));
  }

  @Override
  public void directConnected(ParticipantId participant, long call) {
    worker.offer(this, new RoomCommand.DirectConnected(participant, call));
  }

  @Override
  public void directFailed(ParticipantId participant, long call, DirectEnd reason) {
    worker.offer(this, new RoomCommand.DirectFailed(participant, call, reason));
  }

  @Override
  public CompletableFuture<RoomTap> tap(RoomTap tap) {
    var result = new CompletableFuture<RoomTap>();
    ask(new RoomCommand.Tap(tap, result), result);
    return result;
  }

  @Override
  public void leave(ParticipantId participant, LeaveReason reason) {
    worker.add(this, new RoomCommand.Leave(participant, reason));
  }

  @Override
  public void close() {
    if (!closed) {
      worker.add(this, new RoomCommand.Close());
    }
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  /// Called by the worker when the room has closed.
  void markClosed() {
    closed = true;
    observer.onClosed(id);
  }

  private void ask(RoomCommand command, CompletableFuture<?> result) {
    if (!worker.offer(this, command)) {
      result.completeExceptionally(
          new RefusedException(Reason.OVERLOADED, "the room's worker has too much to do"));
    }
  }
}
