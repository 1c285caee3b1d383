package org.plenum.sfu.worker;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NanoTime;
import org.plenum.ice.agent.IceCredentials;
import org.plenum.ice.candidate.Candidate;
import org.plenum.sfu.DirectEnd;
import org.plenum.sfu.JoinRequest;
import org.plenum.sfu.LeaveReason;
import org.plenum.sfu.LoadStep;
import org.plenum.sfu.Mid;
import org.plenum.sfu.NodeLine;
import org.plenum.sfu.ParticipantDetails;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.ParticipantStatistics;
import org.plenum.sfu.PeerMessage;
import org.plenum.sfu.Permissions;
import org.plenum.sfu.Playback;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RoomHandle;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.RoomListener;
import org.plenum.sfu.RoomObserver;
import org.plenum.sfu.RoomSettings;
import org.plenum.sfu.RoomSnapshot;
import org.plenum.sfu.RoomTap;
import org.plenum.sfu.SeatView;
import org.plenum.sfu.Silence;
import org.plenum.sfu.TrackId;
import org.plenum.sfu.TrackInfo;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.TransportAnswer;
import org.plenum.sfu.TransportOffer;
import org.plenum.sfu.receive.PacketRing;
import org.plenum.sfu.relay.RelayEnd;
import org.plenum.sfu.relay.RelayMessage;
import org.plenum.sfu.room.RoomCommand;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A room that may have parts on several workers, of this node and of others, from outside: the
/// owner, which everybody joins and leaves by, and branches, which are made when the owner has
/// enough to do: on this node while a worker has time, else on another one, asked for before the
/// last place is needed, so that nobody waits for it. Says who is at home where; what is about a
/// participant's media goes to their part, all else to the owner. Only the owner has branches, so
/// nothing goes round. Any thread.
final class SpreadRoom implements RoomHandle {
  private static final Logger log = LoggerFactory.getLogger(SpreadRoom.class);

  /// A node that took no part is not asked again at each join.
  private static final long ASK_AGAIN_NANOS = 5_000_000_000L;

  /// One part of the room.
  ///
  /// @param worker null: it is on another node
  /// @param relay the owner's end of the relay to it; null: it is the owner
  private record Part(@Nullable Worker worker, PartHandle room, @Nullable RelayEnd relay) {
    boolean isOpen() {
      return !room.isClosed() && (worker == null || !worker.isGone());
    }

    boolean isBusy() {
      return worker != null ? worker.isBusy() : room instanceof RemoteBranch far && far.isBusy();
    }
  }

  /// Where somebody is at home.
  private record Place(Part part, boolean hidden) {}

  private final RoomSettings settings;
  private final Spread spread;
  private final List<Worker> workers;
  private final @Nullable Elsewhere elsewhere;
  private final Worker worker;
  private final WorkerRoom room;
  private final Part owner;
  private final List<Part> branches = new CopyOnWriteArrayList<>();

  /// Of those who have asked to be let in.
  private final Map<ParticipantId, Place> expected = new ConcurrentHashMap<>();

  /// Of those who are in.
  private final Map<ParticipantId, Place> homes = new ConcurrentHashMap<>();

  /// Whether another node is being asked to take a part.
  private boolean isAsking;

  /// No node is asked before that.
  private long askAgainNanos = System.nanoTime();

  /// Opens the room.
  ///
  /// @param owner its first worker, one of `workers`
  /// @param elsewhere how it takes other nodes; null: it does not
  SpreadRoom(
      RoomId id,
      RoomSettings settings,
      RoomObserver observer,
      Spread spread,
      Worker owner,
      List<Worker> workers,
      @Nullable Elsewhere elsewhere) {
    this.settings = settings;
    this.spread = spread;
    this.workers = workers;
    this.elsewhere = elsewhere;
    this.worker = owner;
    this.room = owner.openRoom(id, settings, new Homes(observer));
    this.owner = new Part(owner, room, null);
  }

  /// Keeps the homes as the owner sees participants come and go.
  private final class Homes implements RoomObserver {
    private final RoomObserver observer;

    Homes(RoomObserver observer) {
      this.observer = observer;
    }

    @Override
    public void onClosed(RoomId room) {
      homes.clear();
      branches.forEach(
          branch -> {
            if (branch.room instanceof RemoteBranch far) {
              far.roomClosed();
            }
          });
      observer.onClosed(room);
    }

    @Override
    public void onJoined(RoomId room, ParticipantDetails participant) {
      Place place = expected.remove(participant.id());
      if (place != null) {
        homes.put(participant.id(), place);
      }
      observer.onJoined(room, participant);
    }

    @Override
    public void onLeft(RoomId room, ParticipantDetails participant, LeaveReason reason) {
      homes.remove(participant.id());
      observer.onLeft(room, participant, reason);
    }

    @Override
    public void onPublished(RoomId room, ParticipantDetails publisher, TrackInfo track) {
      observer.onPublished(room, publisher, track);
    }

    @Override
    public void onUnpublished(RoomId room, ParticipantDetails publisher, TrackInfo track) {
      observer.onUnpublished(room, publisher, track);
    }
  }

  @Override
  public RoomId id() {
    return room.id();
  }

  /// How many parts it has.
  int parts() {
    return 1 + branches.size();
  }

  @Override
  public List<Candidate> places(ParticipantId participant) {
    return home(participant).places(participant);
  }

  @Override
  public CompletableFuture<RoomSnapshot> join(JoinRequest request, RoomListener listener) {
    Place place = expect(request);
    Worker home = place.part.worker;
    if (place.part != owner
        && home != null
        && request.replaces() == null
        && home.sheds(LoadStep.JOINS)) {
      expected.remove(request.id(), place);
      return CompletableFuture.failedFuture(
          new RefusedException(
              RefusedException.Reason.OVERLOADED,
              "the server has too much to do to let anybody new in"));
    }
    return room.join(request, listener, place.part.relay)
        .whenComplete(
            (_, refusal) -> {
              if (refusal != null) {
                expected.remove(request.id(), place);
              }
            });
  }

  private synchronized Place expect(JoinRequest request) {
    Place known = expected.get(request.id());
    if (known != null) {
      return known;
    }
    var place = new Place(choose(request.hidden()), request.hidden());
    expected.put(request.id(), place);
    foresee();
    return place;
  }

  /// Where the next participant is to be. Those who only watch do not take a place of the others:
  /// they are the first to go elsewhere.
  private Part choose(boolean hidden) {
    List<Part> open = open();
    List<Spread.Load> loads = loads(open, hidden);
    int chosen = spread.choose(loads);
    if (chosen != Spread.NONE) {
      return open.get(chosen);
    }
    Part fresh = branch();
    return fresh == null ? open.get(Spread.leastCrowded(loads)) : fresh;
  }

  private List<Part> open() {
    List<Part> open = new ArrayList<>(List.of(owner));
    branches.stream().filter(Part::isOpen).forEach(open::add);
    return open;
  }

  private List<Spread.Load> loads(List<Part> parts, boolean hidden) {
    return parts.stream().map(part -> new Spread.Load(count(part, hidden), part.isBusy())).toList();
  }

  /// Asks another node in good time: those who only watch are the first who find no place.
  private void foresee() {
    Elsewhere nodes = elsewhere;
    if (nodes == null || isAsking || farBranches().size() >= nodes.most()) {
      return;
    }
    boolean may = !room.isClosed() && NanoTime.isDue(askAgainNanos, System.nanoTime());
    if (!may || spread.choose(loads(open(), true)) != Spread.NONE || leastBusy() != null) {
      return;
    }
    isAsking = true;
    Thread.ofVirtual().name("room-nodes").start(() -> ask(nodes));
  }

  private List<RemoteBranch> farBranches() {
    List<RemoteBranch> far = new ArrayList<>();
    for (Part branch : branches) {
      if (branch.room instanceof RemoteBranch each && !each.isClosed()) {
        far.add(each);
      }
    }
    return far;
  }

  private void ask(Elsewhere nodes) {
    var branch = new RemoteBranch(worker, room, settings, nodes.host(), this::decided);
    Set<String> taken = new HashSet<>();
    farBranches().forEach(each -> taken.add(each.node()));
    NodeLine line = null;
    try {
      line = nodes.nodes().open(id(), taken, branch);
    } catch (IOException e) {
      log.atWarn().addKeyValue("room", id()).log("no node takes a part: {}", e.getMessage());
    }
    branch.begin(line);
  }

  /// Another node has taken a part, or none has.
  private void decided(RemoteBranch branch) {
    RelayEnd end = branch.end();
    synchronized (this) {
      isAsking = false;
      if (end == null || branch.isClosed()) {
        askAgainNanos = System.nanoTime() + ASK_AGAIN_NANOS;
        return;
      }
      branches.removeIf(part -> part.room instanceof RemoteBranch far && far.isClosed());
      branches.add(new Part(null, branch, end));
    }
    log.atInfo()
        .addKeyValue("room", id())
        .addKeyValue("node", branch.node())
        .log("another node takes a part");
    if (room.isClosed()) {
      branch.roomClosed();
    }
  }

  /// Those of a part whom somebody counts who comes now.
  private int count(Part part, boolean hidden) {
    int count = 0;
    for (Map<ParticipantId, Place> each : List.of(homes, expected)) {
      for (Place place : each.values()) {
        count += place.part == part && (hidden || !place.hidden) ? 1 : 0;
      }
    }
    return count;
  }

  /// Takes another worker; null if there is none that has time.
  private @Nullable Part branch() {
    Worker other = leastBusy();
    if (other == null || room.isClosed()) {
      return null;
    }
    var down = new PacketRing();
    var up = new PacketRing();
    var ends = new RelayEnd[2];
    var there = new WorkerRoom(id(), other, _ -> {});
    ends[0] =
        new RelayEnd(down, up, message -> send(other, there, ends[1], message), other::wakeUp);
    ends[1] =
        new RelayEnd(up, down, message -> send(worker, room, ends[0], message), worker::wakeUp);
    if (!other.openBranch(there, settings, ends[1])) {
      return null;
    }
    worker.add(room, new RoomCommand.Attach(ends[0]));
    var part = new Part(other, there, ends[0]);
    branches.add(part);
    log.atInfo()
        .addKeyValue("room", id())
        .addKeyValue("worker", other.number())
        .log("the room takes another worker");
    return part;
  }

  private static void send(Worker worker, WorkerRoom room, RelayEnd to, RelayMessage message) {
    worker.add(room, new RoomCommand.Relayed(to, message));
  }

  private @Nullable Worker leastBusy() {
    Worker least = null;
    for (Worker each : workers) {
      boolean isFree = each != worker && !each.isGone() && !each.isBusy();
      for (Part branch : branches) {
        isFree &= branch.worker != each || !branch.isOpen();
      }
      if (isFree && (least == null || each.participants() < least.participants())) {
        least = each;
      }
    }
    return least;
  }

  /// Where somebody is at home; of a stranger, the owner says so.
  private PartHandle home(ParticipantId participant) {
    Place place = homes.get(participant);
    return place == null ? room : place.part.room;
  }

  @Override
  public CompletableFuture<TransportAnswer> negotiate(
      ParticipantId participant, TransportOffer offer) {
    return home(participant).negotiate(participant, offer);
  }

  @Override
  public CompletableFuture<TransportAnswer> restartIce(
      ParticipantId participant, IceCredentials remote) {
    return home(participant).restartIce(participant, remote);
  }

  @Override
  public void view(ParticipantId viewer, List<SeatView> seats) {
    home(viewer).view(viewer, seats);
  }

  @Override
  public void mute(ParticipantId publisher, Mid mid, boolean muted) {
    home(publisher).mute(publisher, mid, muted);
  }

  @Override
  public void rename(ParticipantId participant, String name) {
    home(participant).rename(participant, name);
  }

  @Override
  public void report(ParticipantId viewer, Playback playback) {
    home(viewer).report(viewer, playback);
  }

  @Override
  public CompletableFuture<RoomSnapshot> snapshot(ParticipantId participant) {
    return home(participant).snapshot(participant);
  }

  @Override
  public CompletableFuture<ParticipantStatistics> statistics(ParticipantId participant) {
    return home(participant).statistics(participant);
  }

  @Override
  public void lock(boolean locked) {
    room.lock(locked);
  }

  /// The owner knows who there is, each part what its own do.
  @Override
  public CompletableFuture<List<ParticipantDetails>> participants() {
    CompletableFuture<List<ParticipantDetails>> all = room.participants();
    for (Part branch : branches) {
      CompletableFuture<List<ParticipantDetails>> there =
          branch.room.participants().exceptionally(_ -> List.of());
      all = all.thenCombine(there, (before, known) -> replace(before, known, branch));
    }
    return all;
  }

  private List<ParticipantDetails> replace(
      List<ParticipantDetails> before, List<ParticipantDetails> known, Part branch) {
    List<ParticipantDetails> after = new ArrayList<>();
    for (ParticipantDetails each : before) {
      Place place = homes.get(each.id());
      after.add(place != null && place.part == branch ? find(each, known) : each);
    }
    return List.copyOf(after);
  }

  private static ParticipantDetails find(ParticipantDetails one, List<ParticipantDetails> among) {
    for (ParticipantDetails each : among) {
      if (each.id().equals(one.id())) {
        return each;
      }
    }
    return one;
  }

  /// What the owner has changed, with what the participant's own part knows beside.
  private CompletableFuture<ParticipantDetails> detailed(
      CompletableFuture<ParticipantDetails> changed) {
    return changed.thenCompose(
        details -> {
          PartHandle home = home(details.id());
          return home == room
              ? CompletableFuture.completedFuture(details)
              : home.participants()
                  .thenApply(known -> find(details, known))
                  .exceptionally(_ -> details);
        });
  }

  @Override
  public CompletableFuture<ParticipantDetails> silence(
      ParticipantId publisher, TrackId track, boolean silenced) {
    return detailed(room.silence(publisher, track, silenced));
  }

  @Override
  public CompletableFuture<ParticipantDetails> silence(
      ParticipantId publisher, Set<TrackSource> sources) {
    return detailed(room.silence(publisher, sources));
  }

  @Override
  public CompletableFuture<Set<Silence>> silences() {
    return room.silences();
  }

  @Override
  public void restoreSilences(Set<Silence> kept) {
    room.restoreSilences(kept);
  }

  @Override
  public CompletableFuture<ParticipantDetails> permit(
      ParticipantId participant, Permissions permissions) {
    return detailed(room.permit(participant, permissions));
  }

  @Override
  public CompletableFuture<Integer> send(
      @Nullable ParticipantId from, @Nullable ParticipantId to, String topic, String text) {
    return room.send(from, to, topic, text);
  }

  @Override
  public void allowDirect(boolean allowed) {
    room.allowDirect(allowed);
  }

  @Override
  public void keepOpen(boolean kept) {
    room.keepOpen(kept);
  }

  @Override
  public CompletableFuture<Boolean> peer(
      ParticipantId from, ParticipantId to, PeerMessage message) {
    return room.peer(from, to, message);
  }

  @Override
  public void agreeDirect(ParticipantId participant, boolean agrees) {
    room.agreeDirect(participant, agrees);
  }

  @Override
  public void directConnected(ParticipantId participant, long call) {
    room.directConnected(participant, call);
  }

  @Override
  public void directFailed(ParticipantId participant, long call, DirectEnd reason) {
    room.directFailed(participant, call, reason);
  }

  @Override
  public CompletableFuture<RoomTap> tap(RoomTap tap) {
    return room.tap(tap);
  }

  @Override
  public void leave(ParticipantId participant, LeaveReason reason) {
    room.leave(participant, reason);
  }

  @Override
  public void close() {
    room.close();
  }

  @Override
  public boolean isClosed() {
    return room.isClosed();
  }
}
