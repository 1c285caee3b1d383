package org.plenum.signaling.session;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
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
import org.plenum.sfu.ParticipantInfo;
import org.plenum.sfu.ParticipantStatistics;
import org.plenum.sfu.PeerMessage;
import org.plenum.sfu.Permissions;
import org.plenum.sfu.Playback;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.RoomHandle;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.RoomListener;
import org.plenum.sfu.RoomObserver;
import org.plenum.sfu.RoomSnapshot;
import org.plenum.sfu.RoomTap;
import org.plenum.sfu.SeatView;
import org.plenum.sfu.Silence;
import org.plenum.sfu.SlotBinding;
import org.plenum.sfu.TrackId;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.TransportAnswer;
import org.plenum.sfu.TransportOffer;
import org.plenum.sfu.quality.Quality;

/// A room without media: answers at once, or when told.
public final class FakeRoom implements RoomHandle {
  public final Map<ParticipantId, RoomListener> listeners = new LinkedHashMap<>();
  public final List<JoinRequest> joins = new ArrayList<>();
  public final List<String> calls = new ArrayList<>();

  /// Completed where it answers who would tap it.
  public volatile CompletableFuture<@Nullable Void> taps = CompletableFuture.completedFuture(null);

  /// Whoever tapped it last.
  public volatile @Nullable RoomTap tap;

  public final List<ParticipantInfo> others = new ArrayList<>();
  public final List<SlotBinding> slots = new ArrayList<>();

  /// What it says moderators have muted.
  public Set<Silence> silences = Set.of();

  /// Where the SFU's own TURN server is reached.
  public List<Candidate> places = List.of();

  /// What each participant publishes, and how good its sections are.
  public final List<ParticipantDetails.TrackDetails> tracks = new ArrayList<>();

  public final Map<Mid, Quality> quality = new LinkedHashMap<>();

  /// Refusals for the next joins.
  public final Queue<RefusedException> refusals = new ArrayDeque<>();

  /// If not null, what the next join waits for.
  public CompletableFuture<RoomSnapshot> nextJoin;

  /// Done when somebody has asked to join.
  public Runnable onJoin = () -> {};

  /// If not null, what the next snapshot or negotiation waits for.
  public CompletableFuture<RoomSnapshot> nextSnapshot;

  public CompletableFuture<TransportAnswer> nextAnswer =
      CompletableFuture.completedFuture(TestTransports.ANSWER);

  public CompletableFuture<ParticipantStatistics> nextStatistics =
      CompletableFuture.completedFuture(
          new ParticipantStatistics(
              2_500_000, ParticipantStatistics.UNKNOWN, List.of(), List.of()));

  private final RoomId id;
  private final RoomObserver observer;
  private volatile boolean closed;

  public FakeRoom(RoomId id, RoomObserver observer) {
    this.id = id;
    this.observer = observer;
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
  public List<Candidate> places(ParticipantId participant) {
    return places;
  }

  @Override
  public synchronized CompletableFuture<RoomSnapshot> join(
      JoinRequest request, RoomListener listener) {
    if (!refusals.isEmpty()) {
      return CompletableFuture.failedFuture(refusals.remove());
    }
    joins.add(request);
    listeners.put(request.id(), listener);
    CompletableFuture<RoomSnapshot> answer = nextJoin;
    nextJoin = null;
    onJoin.run();
    return answer == null ? CompletableFuture.completedFuture(snapshot()) : answer;
  }

  @Override
  public synchronized CompletableFuture<TransportAnswer> negotiate(
      ParticipantId participant, TransportOffer offer) {
    calls.add("negotiate");
    return nextAnswer.thenApply(answer -> TestTransports.withSlots(answer, offer));
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
  public synchronized void allowDirect(boolean allowed) {
    calls.add("allow direct " + allowed);
  }

  @Override
  public synchronized void keepOpen(boolean kept) {
    calls.add("keep open " + kept);
  }

  @Override
  public synchronized CompletableFuture<Boolean> peer(
      ParticipantId from, ParticipantId to, PeerMessage message) {
    calls.add("peer " + from + " to " + to + " " + message);
    return refusals.isEmpty()
        ? CompletableFuture.completedFuture(true)
        : CompletableFuture.failedFuture(refusals.remove());
  }

  @Override
  public synchronized void agreeDirect(ParticipantId participant, boolean agrees) {
    calls.add("agree direct " + agrees);
  }

  @Override
  public synchronized void directConnected(ParticipantId participant, long call) {
    calls.add("direct " + call + " connected");
  }

  @Override
  public synchronized void directFailed(ParticipantId participant, long call, DirectEnd reason) {
    calls.add("direct " + call + " " + reason);
  }

  @Override
  public synchronized void mute(ParticipantId publisher, Mid mid, boolean muted) {
    calls.add("mute " + mid + " " + muted);
  }

  @Override
  public synchronized void rename(ParticipantId participant, String name) {
    calls.add("rename " + name);
  }

  @Override
  public synchronized void report(ParticipantId viewer, Playback playback) {
    calls.add("report " + playback);
  }

  @Override
  public synchronized CompletableFuture<RoomSnapshot> snapshot(ParticipantId participant) {
    calls.add("snapshot");
    return nextSnapshot != null ? nextSnapshot : CompletableFuture.completedFuture(snapshot());
  }

  @Override
  public synchronized CompletableFuture<ParticipantStatistics> statistics(
      ParticipantId participant) {
    return nextStatistics;
  }

  @Override
  public synchronized void lock(boolean locked) {
    calls.add("lock " + locked);
  }

  @Override
  public synchronized CompletableFuture<List<ParticipantDetails>> participants() {
    return CompletableFuture.completedFuture(joins.stream().map(this::details).toList());
  }

  @Override
  public synchronized CompletableFuture<ParticipantDetails> silence(
      ParticipantId publisher, TrackId track, boolean silenced) {
    calls.add("silence " + track + " " + silenced);
    return details(publisher);
  }

  @Override
  public synchronized CompletableFuture<ParticipantDetails> silence(
      ParticipantId publisher, Set<TrackSource> sources) {
    calls.add("silence " + sources.stream().sorted().toList());
    return details(publisher);
  }

  @Override
  public CompletableFuture<Set<Silence>> silences() {
    return CompletableFuture.completedFuture(silences);
  }

  @Override
  public synchronized void restoreSilences(Set<Silence> kept) {
    calls.add("restore " + kept);
  }

  @Override
  public synchronized CompletableFuture<ParticipantDetails> permit(
      ParticipantId participant, Permissions permissions) {
    calls.add("permit " + permissions.publish().stream().sorted().toList());
    return details(participant);
  }

  @Override
  public synchronized CompletableFuture<Integer> send(
      ParticipantId from, ParticipantId to, String topic, String text) {
    calls.add("send " + (from != null) + " " + to + " " + topic + " " + text);
    return CompletableFuture.completedFuture(1);
  }

  @Override
  public synchronized CompletableFuture<RoomTap> tap(RoomTap wanted) {
    calls.add("tap");
    tap = wanted;
    return taps.thenApply(_ -> wanted);
  }

  private CompletableFuture<ParticipantDetails> details(ParticipantId id) {
    return joins.stream()
        .filter(join -> join.id().equals(id))
        .findFirst()
        .map(join -> CompletableFuture.completedFuture(details(join)))
        .orElseGet(
            () ->
                CompletableFuture.failedFuture(
                    new RefusedException(
                        RefusedException.Reason.UNKNOWN_PARTICIPANT, "there is no " + id)));
  }

  private ParticipantDetails details(JoinRequest join) {
    return new ParticipantDetails(
        join.id(),
        join.name(),
        join.hidden(),
        join.identity() == null ? null : join.identity().value(),
        join.metadata(),
        join.permissions(),
        Set.of(),
        null,
        null,
        tracks,
        0,
        null,
        new ParticipantStatistics(0, ParticipantStatistics.UNKNOWN, List.of(), List.of()),
        null,
        quality);
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
      observer.onClosed(id);
    }
  }

  @Override
  public boolean isClosed() {
    return closed;
  }
}
