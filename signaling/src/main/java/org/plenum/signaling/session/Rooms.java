package org.plenum.signaling.session;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.plenum.cluster.DirectoryException;
import org.plenum.cluster.Lives;
import org.plenum.cluster.RoomDirectory;
import org.plenum.cluster.RoomEntry;
import org.plenum.sfu.LeaveReason;
import org.plenum.sfu.ParticipantDetails;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RoomHandle;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.RoomObserver;
import org.plenum.sfu.RoomSettings;
import org.plenum.sfu.Silence;
import org.plenum.sfu.TrackInfo;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.data.NotStoredException;
import org.plenum.signaling.protocol.RoomRules;
import org.plenum.signaling.protocol.Rule;
import org.plenum.signaling.token.Token;

/// The open rooms by name: the first who comes opens one, or the API does. Any thread.
public final class Rooms {
  /// A room may close just as somebody enters; a new one is then opened, this many times at
  /// most.
  private static final int TRIES = 3;

  /// Chats of rooms that have not come here yet; each is bounded itself.
  private static final int MOST_INHERITED = 200;

  /// Nobody comes to a room so late that was handed over.
  private static final long INHERITED_NANOS = 60_000_000_000L;

  private final ConcurrentMap<RoomId, OpenRoom> open = new ConcurrentHashMap<>();

  /// Those that are being opened.
  private final ConcurrentMap<RoomId, CompletableFuture<OpenRoom>> opening =
      new ConcurrentHashMap<>();

  /// What was written in rooms that other nodes are about to hand over to this one.
  private final Map<RoomId, String> inherited =
      Collections.synchronizedMap(
          new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<RoomId, String> eldest) {
              return size() > MOST_INHERITED;
            }
          });

  private final RoomOpener opener;
  private final RoomSpec usual;
  private final ServerConfig.Limits limits;
  private final RoomWatch watch;
  private final InstantSource clock;
  private final Timers timers;
  private final SignalingCounters counters;
  private final SessionLog log;
  private final KeptRooms kept;
  private final RoomDirectory directory;
  private final RoomRules usualRules;

  /// Called on workers: they must not wait.
  private volatile Consumer<OpenRoom> onClosed = _ -> {};

  private volatile BiConsumer<OpenRoom, Token> onLeft = (_, _) -> {};

  private volatile Consumer<OpenRoom> onOpenedAgain = _ -> {};
  private volatile Consumer<OpenRoom> onGivenAway = _ -> {};

  private volatile Supplier<@Nullable String> overload = () -> null;
  private volatile boolean draining;

  /// @param usual what a room is like that somebody just enters
  Rooms(
      RoomOpener opener,
      RoomSpec usual,
      ServerConfig.Limits limits,
      RoomWatch watch,
      InstantSource clock,
      Timers timers,
      SignalingCounters counters,
      SessionLog log,
      KeptRooms kept,
      RoomDirectory directory) {
    this.opener = opener;
    this.usual = usual;
    this.limits = limits;
    this.watch = watch;
    this.clock = clock;
    this.timers = timers;
    this.counters = counters;
    this.log = log;
    this.kept = kept;
    this.directory = directory;
    this.usualRules = RoomRules.USUAL.with(Rule.WAITING_ROOM, limits.waitingRoom());
  }

  /// Who wants to know of rooms that close and of participants that leave; called on workers.
  void watch(Consumer<OpenRoom> closed, BiConsumer<OpenRoom, Token> left) {
    onClosed = closed;
    onLeft = left;
  }

  /// The rules of this room as they are, or would be if somebody opened it.
  RoomRules rules(RoomId id) {
    OpenRoom room = find(id);
    return room == null ? usualRules : room.rules();
  }

  /// Throws RefusedException if nobody may enter this room by entering it, for what is known now.
  void requireOpenOrOpenable(RoomId id) {
    if (limits.roomsByApiOnly()) {
      entered(id);
    }
    requireCapacity();
  }

  /// Opens the rooms that were kept before a restart, so that those who were in them have time
  /// to come back.
  void reopen() {
    for (KeptRooms.KeptRoom each : kept.read(usual.settings().direct())) {
      try {
        RoomSettings settings = each.spec().settings();
        long unusedNanos = Math.max(settings.unusedNanos(), ResumeTokens.RETURN_MILLIS * 1_000_000);
        OpenRoom room = openRoom(each.id(), each.spec(), settings.withUnusedNanos(unusedNanos));
        open.put(each.id(), room);
        kept.adopt(each.id(), room.tenure());
        restore(room, each);
        directory.update(room.claim(), KeptRooms.text(each));
      } catch (RefusedException e) {
        log.notOpened(each.id(), e);
      } catch (DirectoryException e) {
        log.notOpened(each.id(), refused(e));
      }
    }
  }

  private static void restore(OpenRoom room, KeptRooms.KeptRoom before) {
    room.lock(before.locked());
    room.rules(before.rules());
    room.hosts(before.hosts());
    room.quieted(before.quieted());
    room.egress(before.egress());
    room.silences(before.silences());
    room.handle().restoreSilences(before.silences());
  }

  /// The properties of a room for which none were given.
  public RoomSpec usual() {
    return usual;
  }

  /// The chat of a room that another node is about to hand over: it is the chat of the room that is
  /// opened here within a minute.
  void inherit(RoomId id, String chat) {
    inherited.put(id, chat);
    timers.after(INHERITED_NANOS, () -> inherited.remove(id, chat));
  }

  /// In order of their names.
  public List<OpenRoom> all() {
    return open.values().stream()
        .filter(room -> !room.handle().isClosed())
        .sorted(Comparator.comparing(room -> room.instance().id().value()))
        .toList();
  }

  /// Null if it is not open.
  public @Nullable OpenRoom find(RoomId id) {
    OpenRoom room = open.get(id);
    return room == null || room.handle().isClosed() ? null : room;
  }

  /// Opens a room, or finds the one that is open. Throws RefusedException if there are too many.
  ///
  /// @return the room, whose [OpenRoom#instance] has this metadata only if it is new
  public OpenRoom open(RoomId id, RoomSpec spec) {
    return openOnce(id, () -> openRoom(id, spec, spec.settings()));
  }

  /// Whoever comes while it is being opened waits for that. Nobody else does, how long ever the
  /// directory takes: workers take rooms out of the map.
  private OpenRoom openOnce(RoomId id, Supplier<OpenRoom> opens) {
    OpenRoom present = find(id);
    if (present != null) {
      return present;
    }
    var mine = new CompletableFuture<OpenRoom>();
    CompletableFuture<OpenRoom> theirs = opening.putIfAbsent(id, mine);
    if (theirs == null) {
      return openNow(id, opens, mine);
    }
    try {
      return theirs.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RefusedException refused) {
        throw refused;
      }
      throw e;
    }
  }

  private OpenRoom openNow(
      RoomId id, Supplier<OpenRoom> opens, CompletableFuture<OpenRoom> outcome) {
    try {
      OpenRoom present = find(id); // it may have been opened just before
      OpenRoom room = present == null ? opens.get() : present;
      open.put(id, room);
      if (room.handle().isClosed()) {
        open.remove(id, room);
      }
      opening.remove(id, outcome);
      outcome.complete(room);
      if (room != present) {
        tellOpenedAgain(room);
      }
      return room;
    } catch (RuntimeException | Error e) {
      opening.remove(id, outcome);
      outcome.completeExceptionally(e);
      throw e;
    }
  }

  /// Opens a breakout room of this one, like it. Throws RefusedException if there are too many
  /// rooms.
  OpenRoom openBreakout(RoomId id, OpenRoom main) {
    RoomSpec spec = new RoomSpec(main.settings());
    return openOnce(id, () -> openRoom(id, spec, spec.settings(), main));
  }

  /// This main room and its breakout rooms that are open, by name.
  public List<OpenRoom> family(OpenRoom main) {
    return all().stream().filter(each -> each.home() == main).toList();
  }

  /// The same for a room that a restart is to open again, also if somebody just entered it before:
  /// it is written down when this returns, unless it is open and unlike what is wanted. Blocks for
  /// the disk. Throws RefusedException, and NotStoredException.
  public OpenRoom make(RoomId id, RoomSpec spec) {
    boolean isOpen = find(id) != null;
    OpenRoom room = open(id, spec);
    // What is kept and what holds change together, here and below. Never on a worker.
    synchronized (room) {
      if (room.spec().isLike(spec)) {
        try {
          keep(room, spec, room.isLocked());
        } catch (IOException e) {
          boolean close = !isOpen && room.size() == 0;
          if (close) {
            room.handle().close();
          }
          String is = close ? "was not made" : "is open, but a restart may forget it";
          throw notStored(room, "the room " + is, e);
        }
        room.make(spec);
      }
    }
    return room;
  }

  /// Ends a room for everyone: a restart does not open it again when this returns. Blocks for the
  /// disk. Throws NotStoredException if it stays open.
  public void close(OpenRoom room) {
    synchronized (room) {
      try {
        kept.forget(room.instance().id(), room.tenure());
      } catch (IOException e) {
        throw notStored(room, "the room stays open", e);
      }
      room.handle().close();
    }
  }

  /// Locks a room, or unlocks it: done, and written down, when this returns. Blocks for the disk.
  /// Throws NotStoredException if it stays as it was.
  public void lock(OpenRoom room, boolean wanted) {
    synchronized (room) {
      try {
        keep(room, room.spec(), wanted);
      } catch (IOException e) {
        throw notStored(room, "the room stays " + (room.isLocked() ? "locked" : "unlocked"), e);
      }
      room.lock(wanted);
    }
  }

  /// Whether two people of a room, and of its breakout rooms, may talk directly from now on: done,
  /// and written down, when this returns. Blocks for the disk. Throws NotStoredException if it
  /// stays as it was.
  public void allowDirect(OpenRoom given, boolean allowed) {
    OpenRoom room = given.home();
    synchronized (room) {
      RoomSpec spec = room.spec().withDirect(allowed);
      try {
        keep(room, spec, room.isLocked());
      } catch (IOException e) {
        throw notStored(room, "the room stays as it was", e);
      }
      for (OpenRoom each : family(room)) {
        each.make(each.spec().withDirect(allowed));
        each.handle().allowDirect(allowed);
      }
    }
  }

  /// Mutes somebody for the others, or ends that: done, and written down, when this returns. Blocks
  /// for the disk. Throws RefusedException, and NotStoredException if it is done but not written.
  public ParticipantDetails silence(
      OpenRoom room, Function<RoomHandle, CompletableFuture<ParticipantDetails>> command) {
    synchronized (room) {
      ParticipantDetails now = RoomAnswers.await(command.apply(room.handle()));
      room.silences(RoomAnswers.await(room.handle().silences()));
      try {
        keep(room, room.spec(), room.isLocked());
      } catch (IOException e) {
        throw notStored(room, "it is done, but a restart may forget it", e);
      }
      return now;
    }
  }

  /// Changes what is decided about a room: done, and written down, when this returns. Blocks for
  /// the disk. Throws NotStoredException if it stays as it was.
  ///
  /// @param change of [OpenRoom#rules], [OpenRoom#hosts] and [OpenRoom#quieted]
  void rule(OpenRoom given, Consumer<OpenRoom> change) {
    OpenRoom room = given.home();
    synchronized (room) {
      RoomRules rules = room.decidedRules();
      Set<String> hosts = room.hosts();
      Set<String> quieted = room.quieted();
      change.accept(room);
      try {
        keep(room, room.spec(), room.isLocked());
      } catch (IOException e) {
        room.rules(rules);
        room.hosts(hosts);
        room.quieted(quieted);
        throw notStored(room, "the room stays as it was", e);
      }
    }
  }

  /// Changes what leaves a room, which has begun or ended already: written down when this returns.
  /// Blocks for the disk. Throws NotStoredException if it is not.
  public void egress(OpenRoom room, UnaryOperator<RoomEgress> change) {
    synchronized (room) {
      room.egress(change.apply(room.egress()));
      try {
        keep(room, room.spec(), room.isLocked());
      } catch (IOException e) {
        throw notStored(room, "it is done, but a restart may forget it", e);
      }
    }
  }

  /// Who is told of rooms that are open again, and have something that leaves them, from now on and
  /// for those that are, and of rooms that other nodes take over. Must not wait.
  public void watchEgress(Consumer<OpenRoom> openedAgain, Consumer<OpenRoom> givenAway) {
    onGivenAway = givenAway;
    onOpenedAgain = openedAgain;
    all().forEach(this::tellOpenedAgain);
  }

  private void tellOpenedAgain(OpenRoom room) {
    if (!room.egress().equals(RoomEgress.NONE)) {
      onOpenedAgain.accept(room);
    }
  }

  private void keep(OpenRoom room, RoomSpec spec, boolean locked) throws IOException {
    RoomId id = room.instance().id();
    Set<Silence> silences = room.silences();
    RoomRules rules = room.decidedRules();
    Set<String> hosts = room.hosts();
    if (room.isBreakout()) {
      return; // a restart opens the main room only
    }
    boolean isAsUsual =
        !spec.made()
            && spec.settings().direct() == usual.settings().direct()
            && silences.isEmpty()
            && rules == null
            && hosts.isEmpty()
            && room.egress().equals(RoomEgress.NONE);
    var now =
        new KeptRooms.KeptRoom(
            id, spec, locked, silences, rules, hosts, room.quieted(), room.egress());
    if (locked || !isAsUsual) {
      kept.keep(now, room.tenure());
    } else {
      kept.forget(id, room.tenure());
    }
    try {
      directory.update(room.claim(), KeptRooms.text(now));
    } catch (DirectoryException e) {
      throw new IOException("" + e.getMessage(), e);
    }
    if (room.handle().isClosed()) {
      kept.forgetLater(id, room.tenure()); // perhaps it closed before it was kept
    }
  }

  private NotStoredException notStored(OpenRoom room, String what, IOException cause) {
    counters.count(SignalingCounter.NOT_STORED);
    log.notStored(room.instance().id(), null, what, cause);
    return new NotStoredException(what + ": the server's disk did not take it", cause);
  }

  /// Runs `entering` with the room of that name, and again with a new one if it closed meanwhile.
  public <T> T enter(RoomId id, Function<OpenRoom, T> entering) {
    for (int i = 1; ; i++) {
      requireCapacity();
      requirePlace();
      OpenRoom room = entered(id);
      try {
        return entering.apply(room);
      } catch (RefusedException e) {
        if (e.reason() == RefusedException.Reason.ROOM_FULL) {
          counters.count(SignalingCounter.REFUSED_PARTICIPANTS);
        } else if (e.reason() == RefusedException.Reason.OVERLOADED) {
          counters.count(SignalingCounter.REFUSED_OVERLOADED);
        }
        if (e.reason() != RefusedException.Reason.ROOM_CLOSED || i == TRIES) {
          throw e;
        }
        open.remove(id, room);
      }
    }
  }

  /// The room of that name, which entering it opens unless that is for the API alone.
  private OpenRoom entered(RoomId id) {
    OpenRoom present = find(id);
    if (present != null) {
      return present;
    }
    if (BreakoutRooms.isBreakout(id)) {
      throw new RefusedException(
          RefusedException.Reason.ROOM_CLOSED, "the breakout room " + id + " is not open");
    }
    if (!limits.roomsByApiOnly()) {
      return open(id, usual);
    }
    OpenRoom room = find(id);
    if (room == null) {
      counters.count(SignalingCounter.REFUSED_UNKNOWN_ROOMS);
      throw new RefusedException(
          RefusedException.Reason.FORBIDDEN,
          "room " + id + " is not open, and this server opens rooms by its API only");
    }
    return room;
  }

  /// Throws RefusedException if there are as many participants as this server takes.
  private void requirePlace() {
    int most = limits.allParticipants();
    if (most > 0 && open.values().stream().mapToInt(OpenRoom::size).sum() >= most) {
      counters.count(SignalingCounter.REFUSED_PARTICIPANTS);
      throw new RefusedException(
          RefusedException.Reason.OVERLOADED,
          "this server has " + most + " participants, the most there may be");
    }
  }

  void refuseWhile(Supplier<@Nullable String> reason) {
    overload = reason;
  }

  /// Throws RefusedException if the server can take nobody new, nor a new transport.
  void requireCapacity() {
    String reason = overload.get();
    if (reason != null) {
      counters.count(SignalingCounter.REFUSED_OVERLOADED);
      throw new RefusedException(RefusedException.Reason.OVERLOADED, reason);
    }
  }

  /// Opens no room any more; those that are open go on.
  void drain() {
    draining = true;
  }

  /// Another node has it: whoever asks for it by its name does not find it here any more. It goes
  /// on for those who are in it, until it is closed.
  void give(OpenRoom room) {
    open.remove(room.instance().id(), room);
    RoomEntry entry = directory.find(room.claim().room());
    if (entry != null && entry.life().equals(room.claim().entry().life())) {
      watch.givenAway(room.instance());
    }
    onGivenAway.accept(room);
  }

  /// When a room was opened here; now, if it is not open.
  long openedMillis(RoomId id) {
    OpenRoom room = find(id);
    return room == null ? clock.millis() : room.openedMillis();
  }

  void closeAll() {
    Collection<OpenRoom> rooms = open.values();
    rooms.forEach(room -> room.handle().close());
  }

  /// @param settings for the worker
  private OpenRoom openRoom(RoomId id, RoomSpec spec, RoomSettings settings) {
    return openRoom(id, spec, settings, null);
  }

  private OpenRoom openRoom(
      RoomId id, RoomSpec spec, RoomSettings settings, @Nullable OpenRoom main) {
    if (draining) {
      counters.count(SignalingCounter.REFUSED_STOPPING);
      throw new RefusedException(
          RefusedException.Reason.RESTARTING,
          "the server is restarting and opens no room any more: try again in a minute");
    }
    if (open.size() >= limits.rooms()) {
      counters.count(SignalingCounter.REFUSED_ROOMS);
      throw new RefusedException(
          RefusedException.Reason.OVERLOADED,
          "there are " + limits.rooms() + " rooms, the most there may be");
    }
    if (!opener.takesRooms()) {
      counters.count(SignalingCounter.REFUSED_OVERLOADED);
      throw new RefusedException(
          RefusedException.Reason.OVERLOADED, "this server has too much to do for another room");
    }
    RoomDirectory.Claim claim = claim(id);
    KeptRooms.KeptRoom before = KeptRooms.parse(claim.entry().state());
    log.opened(id);
    RoomSpec what = before == null ? spec : before.spec();
    var instance = instance(id, claim.entry(), clock.instant(), what);
    var watcher = new Watcher(watch.opened(instance, what.settings()));
    var room =
        new OpenRoom(
            instance,
            what,
            opener.open(id, before == null ? settings : what.settings(), watcher),
            ChatBudget.ofRoom(timers.nowNanos()),
            usualRules,
            claim,
            clock.millis(),
            main);
    watcher.room = room;
    if (before != null) {
      restore(room, before);
      keepRestored(room, before);
    }
    String chat = inherited.remove(id);
    if (chat != null && room.rules().allow(Rule.HISTORY)) {
      room.history().inherit(chat);
    }
    return room;
  }

  /// @param now when its life began, if that is not known
  private static OpenRoom.RoomInstance instance(
      RoomId id, RoomEntry entry, Instant now, RoomSpec what) {
    return new OpenRoom.RoomInstance(
        id, "RM_" + entry.life(), Lives.since(entry.life(), now), what.metadata(), entry.epoch());
  }

  /// A room is over that no node has opened since it left its former one, or since that died.
  void abandoned(RoomId id, RoomEntry entry) {
    KeptRooms.KeptRoom kept = KeptRooms.parse(entry.state());
    RoomSpec what = kept == null ? usual : kept.spec();
    // Its number is that of the node which would have had it next.
    RoomEntry next = entry.to(entry.node());
    watch.abandoned(instance(id, next, clock.instant(), what), what.settings());
  }

  /// What another node kept until now is kept here.
  private void keepRestored(OpenRoom room, KeptRooms.KeptRoom before) {
    try {
      keep(room, before.spec(), before.locked());
    } catch (IOException e) {
      counters.count(SignalingCounter.NOT_STORED);
      log.notStored(before.id(), null, "the room is open, but a restart may forget it", e);
    }
  }

  /// Throws RefusedException if another node has it, or this one may not open it now.
  private RoomDirectory.Claim claim(RoomId id) {
    try {
      return directory.open(id.value());
    } catch (DirectoryException e) {
      counters.count(SignalingCounter.REFUSED_DIRECTORY);
      throw refused(e);
    }
  }

  private static RefusedException refused(DirectoryException e) {
    return new RefusedException(RefusedException.Reason.RESTARTING, "" + e.getMessage());
  }

  /// The open room that this claim is of; null if it is not open any more.
  public @Nullable OpenRoom find(RoomDirectory.Claim claim) {
    OpenRoom room = find(new RoomId(claim.room()));
    return room == null || room.claim() != claim ? null : room;
  }

  /// On the worker's thread.
  private final class Watcher implements RoomObserver {
    private final RoomObserver next;

    /// When each participant came; on the worker's thread.
    private final Map<ParticipantId, Long> joined = new HashMap<>();

    private volatile @Nullable OpenRoom room;

    Watcher(RoomObserver next) {
      this.next = next;
    }

    /// The entry stays if a new room of that name is open already.
    @Override
    public void onClosed(RoomId id) {
      log.closed(id);
      OpenRoom closed = room;
      if (closed != null) {
        open.remove(id, closed);
        kept.forgetLater(id, closed.tenure());
        Thread.ofVirtual().name("release").start(() -> directory.release(closed.claim()));
        onClosed.accept(closed);
      }
      next.onClosed(id);
    }

    @Override
    public void onJoined(RoomId id, ParticipantDetails participant) {
      joined.put(participant.id(), timers.nowNanos());
      next.onJoined(id, participant);
    }

    @Override
    public void onLeft(RoomId id, ParticipantDetails participant, LeaveReason reason) {
      OpenRoom present = room;
      if (present != null) {
        Token token = present.token(participant.id());
        present.left(participant.id());
        if (token != null) {
          onLeft.accept(present, token);
        }
      }
      long now = timers.nowNanos();
      Long since = joined.remove(participant.id());
      log.left(id, new MediaSummary(participant, since == null ? 0 : now - since), reason);
      next.onLeft(id, participant, reason);
    }

    @Override
    public void onPublished(RoomId id, ParticipantDetails publisher, TrackInfo track) {
      next.onPublished(id, publisher, track);
    }

    @Override
    public void onUnpublished(RoomId id, ParticipantDetails publisher, TrackInfo track) {
      next.onUnpublished(id, publisher, track);
    }
  }
}
