package org.plenum.signaling.session;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.plenum.ice.agent.IceCredentials;
import org.plenum.sfu.JoinRequest;
import org.plenum.sfu.LeaveReason;
import org.plenum.sfu.Mid;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.ParticipantInfo;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.RoomHandle;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.RoomListener;
import org.plenum.sfu.RoomSnapshot;
import org.plenum.sfu.SeatView;
import org.plenum.sfu.SlotBinding;
import org.plenum.sfu.TransportAnswer;
import org.plenum.sfu.TransportOffer;

/// A room without media: answers at once, or when told.
public final class FakeRoom implements RoomHandle {
  public final Map<ParticipantId, RoomListener> listeners = new LinkedHashMap<>();
  public final List<JoinRequest> joins = new ArrayList<>();
  public final List<String> calls = new ArrayList<>();
  public final List<ParticipantInfo> others = new ArrayList<>();
  public final List<SlotBinding> slots = new ArrayList<>();

  /// Refusals for the next joins.
  public final Queue<RefusedException> refusals = new ArrayDeque<>();

  /// If not null, what the next snapshot or negotiation waits for.
  public CompletableFuture<RoomSnapshot> nextSnapshot;

  public CompletableFuture<TransportAnswer> nextAnswer =
      CompletableFuture.completedFuture(TestTransports.ANSWER);

  private final RoomId id;
  private final Consumer<RoomId> onClosed;
  private volatile boolean closed;

  public FakeRoom(RoomId id, Consumer<RoomId> onClosed) {
    this.id = id;
    this.onClosed = onClosed;
  }

  /// As the room's worker would.
  public synchronized void emit(ParticipantId to, RoomEvent event) {
    listeners.get(to).onEvent(event);
  }

  public synchronized RoomSnapshot snapshot() {
    return new RoomSnapshot(others, slots, 0);
  }

  @Override
  public RoomId id() {
    return id;
  }

  @Override
  public synchronized CompletableFuture<RoomSnapshot> join(
      JoinRequest request, RoomListener listener) {
    if (!refusals.isEmpty()) {
      return CompletableFuture.failedFuture(refusals.remove());
    }
    joins.add(request);
    listeners.put(request.id(), listener);
    return CompletableFuture.completedFuture(snapshot());
  }

  @Override
  public synchronized CompletableFuture<TransportAnswer> negotiate(
      ParticipantId participant, TransportOffer offer) {
    calls.add("negotiate");
    return nextAnswer;
  }

  @Override
  public synchronized CompletableFuture<TransportAnswer> restartIce(
      ParticipantId participant, IceCredentials remote) {
    calls.add("restart");
    return nextAnswer;
  }

  @Override
  public synchronized void view(ParticipantId viewer, List<SeatView> seats) {
    calls.add("view " + seats.size());
  }

  @Override
  public synchronized void mute(ParticipantId publisher, Mid mid, boolean muted) {
    calls.add("mute " + mid + " " + muted);
  }

  @Override
  public synchronized CompletableFuture<RoomSnapshot> snapshot(ParticipantId participant) {
    calls.add("snapshot");
    return nextSnapshot != null ? nextSnapshot : CompletableFuture.completedFuture(snapshot());
  }

  @Override
  public synchronized void leave(ParticipantId participant, LeaveReason reason) {
    calls.add("leave " + reason);
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      listeners
          .values()
          .forEach(listener -> listener.onEvent(new RoomEvent.Removed(LeaveReason.CLOSED)));
      onClosed.accept(id);
    }
  }

  @Override
  public boolean isClosed() {
    return closed;
  }
}
