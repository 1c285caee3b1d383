package org.plenum.signaling.session;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.plenum.cluster.Cluster;
import org.plenum.cluster.LocalDirectory;
import org.plenum.cluster.RoomDirectory;
import org.plenum.cluster.RoomEntry;
import org.plenum.cluster.Secrets;
import org.plenum.ice.candidate.Candidate;
import org.plenum.sfu.Identity;
import org.plenum.sfu.JoinRequest;
import org.plenum.sfu.LeaveReason;
import org.plenum.sfu.ParticipantDetails;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.Permissions;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RoomHandle;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.Silence;
import org.plenum.sfu.TrackSource;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.data.NotStoredException;
import org.plenum.signaling.limit.AddressLimits;
import org.plenum.signaling.protocol.ClientMessage.Hello;
import org.plenum.signaling.protocol.IceServer;
import org.plenum.signaling.protocol.InvalidMessageException;
import org.plenum.signaling.protocol.OwnRelays;
import org.plenum.signaling.protocol.RoomRules;
import org.plenum.signaling.protocol.Rule;
import org.plenum.signaling.protocol.ServerMessage;
import org.plenum.signaling.protocol.TurnPasswords;
import org.plenum.signaling.protocol.TurnServer;
import org.plenum.signaling.token.Access;
import org.plenum.signaling.token.Token;

/// All sessions of a server, found by the token with which a client resumes its own.
public final class Signaling implements AutoCloseable {
  private static final long SECOND_NANOS = 1_000_000_000L;

  /// How often it is looked whether everybody has gone to the node that has the room.
  private static final long LEAVING_LOOK_NANOS = SECOND_NANOS / 10;

  private final Timers timers;
  private final InstantSource clock;
  private final Access access;
  private final AddressLimits addressLimits;
  private final int messagesPerSecond;
  private final Supplier<OfferNegotiator> negotiators;
  private final List<IceServer> iceServers;
  private final @Nullable TurnPasswords relays;

  /// Whether those relay between two who talk directly, too.
  private final boolean relaysDirect;

  /// Whether media ports say to whoever asks what address they see.
  private final boolean tellsAddresses;

  private volatile OwnRelays.@Nullable Secure secureRelays;
  private final SignalingCounters counters = new SignalingCounters();
  private final SessionLog log = new SessionLog();
  private final Rooms rooms;
  private final KeptRooms kept;
  private final ResumeTokens resumeTokens;
  private final WaitingRooms waitingRooms;
  private final Hosting hosting;
  private final BreakoutRooms breakouts;
  private final RoomWatch watch;
  private final ConcurrentMap<String, SignalingSession> sessions = new ConcurrentHashMap<>();

  private final @Nullable Cluster cluster;

  /// Rooms that other nodes have, and that go on here for a moment.
  private final AtomicInteger leaving = new AtomicInteger();

  private volatile @Nullable TurnServer turn;

  /// When the server stops at the latest; null while it does not drain.
  private volatile @Nullable Long stopNanos;

  /// Opens the rooms that are kept in `data.dir`. Throws IllegalStateException with one sentence if
  /// that cannot be used.
  ///
  /// @param negotiators makes one for each session
  /// @param watch sees what happens in every room
  /// @param cluster that this server is a node of; null: it is alone
  public Signaling(
      RoomOpener opener,
      Supplier<OfferNegotiator> negotiators,
      ServerConfig config,
      Access access,
      RoomWatch watch,
      Timers timers,
      InstantSource clock,
      @Nullable Cluster cluster) {
    this.negotiators = negotiators;
    this.iceServers = config.iceServers();
    this.relays = config.media().relays();
    this.relaysDirect = config.media().relayPorts() != null;
    this.tellsAddresses = config.media().stun().server();
    this.access = access;
    this.timers = timers;
    this.clock = clock;
    ServerConfig.Limits limits = config.limits();
    this.messagesPerSecond = limits.messagesPerSecond();
    this.addressLimits = new AddressLimits(limits.connectionsPerAddress(), limits.joinsPerSecond());
    this.kept = new KeptRooms(config.events().directory());
    RoomDirectory directory = cluster == null ? new LocalDirectory(clock) : cluster.directory();
    RoomSpec usual = new RoomSpec(config.room());
    this.rooms =
        new Rooms(opener, usual, limits, watch, clock, timers, counters, log, kept, directory);
    ResumeTokens.Lives lives =
        cluster == null ? null : new ResumeTokens.Lives(directory, rooms::openedMillis);
    ServerConfig.Node node = config.cluster();
    byte[] key =
        node == null ? null : Secrets.derive(node.settings().secret(), "tokens to resume by");
    this.resumeTokens = new ResumeTokens(key, config.events().directory(), access, clock, lives);
    this.cluster = cluster;
    this.watch = watch;
    this.waitingRooms = new WaitingRooms(timers, counters, this::waitingChanged);
    this.hosting = new Hosting(rooms, access, this::sessionsOf, waitingRooms::of);
    this.breakouts = new BreakoutRooms(rooms, hosting, timers, sessions::values);
    rooms.watch(this::roomClosed, this::left);
    rooms.reopen();
  }

  /// A server that is alone.
  public Signaling(
      RoomOpener opener,
      Supplier<OfferNegotiator> negotiators,
      ServerConfig config,
      Access access,
      RoomWatch watch,
      Timers timers,
      InstantSource clock) {
    this(opener, negotiators, config, access, watch, timers, clock, null);
  }

  /// Addresses of the other nodes, for clients that lose this one; null: this server is alone.
  @Nullable List<String> otherNodes() {
    Cluster present = cluster;
    return present == null
        ? null
        : present.nodes().stream()
            .filter(each -> !each.id().equals(present.self()) && !each.draining())
            .flatMap(each -> each.urls().stream())
            .toList();
  }

  /// Another node has the room now: its clients are told to go there, as who they are, and it goes
  /// on here until all of them have. Who came by WHIP or WHEP, and knows no such message, stays
  /// until the time is up, as long as there is anybody to see and to be seen.
  ///
  /// @param urls of that node; may be empty
  /// @param graceNanos after which it closes in any case
  public void handOver(OpenRoom room, List<String> urls, long graceNanos) {
    breakouts.end(room); // they are all of the main room again, wherever it is
    rooms.give(room);
    waitingRooms.take(room.instance().id(), _ -> true).forEach(knock -> knock.guest().comesAgain());
    var offer = new ServerMessage.HandOver(graceNanos / SECOND_NANOS, urls);
    List<SignalingSession> inIt = sessionsIn(room);
    Set<ParticipantId> others = new HashSet<>(room.tokens().keySet());
    inIt.forEach(each -> others.remove(each.participant()));
    inIt.forEach(each -> each.offerHandOver(offer));
    leaving.incrementAndGet();
    awaitLeaving(room, others, timers.nowNanos() + graceNanos);
  }

  /// A room is over that no node has open.
  public void abandoned(RoomId room, RoomEntry entry) {
    rooms.abandoned(room, entry);
  }

  private void awaitLeaving(OpenRoom room, Set<ParticipantId> others, long untilNanos) {
    List<SignalingSession> inIt = sessionsIn(room);
    others.retainAll(room.tokens().keySet());
    boolean needed = others.size() > 1 || inIt.stream().anyMatch(SignalingSession::isHandingOver);
    if (needed && !room.handle().isClosed() && untilNanos - timers.nowNanos() > 0) {
      timers.after(LEAVING_LOOK_NANOS, () -> awaitLeaving(room, others, untilNanos));
      return;
    }
    inIt.forEach(SignalingSession::handOver);
    room.handle().close();
    leaving.decrementAndGet();
  }

  /// How many rooms other nodes have that still go on here.
  public int leavingCount() {
    return leaving.get();
  }

  private List<SignalingSession> sessionsIn(OpenRoom room) {
    return sessions.values().stream().filter(each -> each.room() == room.handle()).toList();
  }

  /// By which tokens are judged.
  public InstantSource clock() {
    return clock;
  }

  public Access access() {
    return access;
  }

  /// Sends a participant away; its token does not let it in again. Blocks for the disk. Throws
  /// NotStoredException if all that is done, but a restart may forget it.
  public void remove(OpenRoom room, ParticipantId participant) {
    RoomId id = room.home().instance().id();
    Token token = room.token(participant);
    try {
      if (token != null) {
        access.remove(id, token);
        hosting.removed(room, token);
      }
    } catch (UncheckedIOException e) {
      String what = "the participant is removed, but a restart may forget that";
      counters.count(SignalingCounter.NOT_STORED);
      log.notStored(id, participant, what, e);
      throw new NotStoredException(what + ": the server's disk did not take it", e);
    } finally {
      room.handle().leave(participant, LeaveReason.REMOVED);
    }
  }

  /// Who are hosts, and what rules hold.
  public Hosting hosting() {
    return hosting;
  }

  /// Who waits to be let into this room, in order of coming.
  public List<Knock> waiting(RoomId room) {
    return waitingRooms.of(room);
  }

  /// Lets in those who wait and are wanted; blocks until all of them are in, or were told why not.
  ///
  /// @return how many there were
  public int letIn(RoomId room, Predicate<Knock> wanted) {
    List<Thread> entering =
        waitingRooms.take(room, wanted).stream()
            .map(knock -> Thread.startVirtualThread(() -> knock.guest().letIn(knock)))
            .toList();
    try {
      for (Thread each : entering) {
        each.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return entering.size();
  }

  /// Sends those away who wait and are meant.
  ///
  /// @return how many there were
  public int sendAway(RoomId room, Predicate<Knock> meant) {
    List<Knock> gone = waitingRooms.take(room, meant);
    gone.forEach(knock -> knock.guest().sendAway(true));
    return gone.size();
  }

  /// Changes the rules of a room; without a waiting room all who wait are let in. Blocks; throws
  /// NotStoredException, RefusedException.
  public void rules(OpenRoom room, RoomRules wanted) {
    hosting.rules(room, wanted);
    if (!wanted.allow(Rule.WAITING_ROOM)) {
      letIn(room.instance().id(), _ -> true);
    }
  }

  /// They wait no more, by their own will.
  void stopWaiting(Knock knock) {
    waitingRooms.take(knock.room(), each -> each == knock);
  }

  private void waitingChanged(RoomId room) {
    hosting.tellWaiting(room);
  }

  /// On a worker.
  private void left(OpenRoom room, Token token) {
    hosting.left(room, token);
    breakouts.changed(room);
  }

  /// The rooms that belong to others.
  public BreakoutRooms breakouts() {
    return breakouts;
  }

  /// On a worker. A meeting is over: who waits for it is told, unless rooms have waiting rooms as a
  /// rule; then a host may come yet.
  private void roomClosed(OpenRoom room) {
    RoomId id = room.instance().id();
    breakouts.closed(room);
    Thread.startVirtualThread(
        () -> {
          if (!rooms.rules(id).allow(Rule.WAITING_ROOM)) {
            waitingRooms.take(id, _ -> true).forEach(knock -> knock.guest().sendAway(false));
          }
        });
  }

  private List<SignalingSession> sessionsOf(RoomId room) {
    return sessions.values().stream().filter(each -> each.room().id().equals(room)).toList();
  }

  /// Whether somebody with this token must be let in by a host.
  public boolean mustWait(RoomId room, Token token) {
    if (!rooms.rules(room).allow(Rule.WAITING_ROOM)) {
      return false;
    }
    OpenRoom open = rooms.find(room);
    boolean known = open != null && token.identity() != null && open.knows(token.identity());
    return !known && !hosting.isHost(open, token);
  }

  /// Whether the rules of this room let somebody record.
  public boolean mayRecord(RoomId room, Token token) {
    return rooms.rules(room).allow(Rule.RECORD) || hosting.isHost(rooms.find(room), token);
  }

  /// Whether the rules of this room let somebody send files in the chat.
  public boolean maySendFiles(RoomId room, Token token) {
    RoomRules rules = rooms.rules(room);
    return (rules.allow(Rule.CHAT) && rules.allow(Rule.FILES))
        || hosting.isHost(rooms.find(room), token);
  }

  /// What was written to everybody in a room, for the node that it is handed over to.
  public String chat(OpenRoom room) {
    return room.history().text();
  }

  /// The same of a room that another node is about to hand over to this one.
  public void inheritChat(RoomId room, String chat) {
    rooms.inherit(room, chat);
  }

  /// Opens a room that another node has handed over to this one, so that it is found here before
  /// anybody enters it. Throws RefusedException if it cannot be opened now.
  public void inherit(RoomId room) {
    rooms.open(room, rooms.usual());
  }

  /// Asks a participant's client to go to another room. Returns false if it has no WebSocket now.
  public boolean move(ParticipantId participant, RoomId room, @Nullable String token) {
    SignalingSession session = find(participant);
    return session != null && session.move(new ServerMessage.Move(room, token));
  }

  /// Whether a participant may send messages from now on.
  public void maySendMessages(ParticipantId participant, boolean allowed) {
    SignalingSession session = find(participant);
    if (session != null) {
      session.maySendMessages(allowed);
    }
  }

  /// Whether a participant may send messages; false if it has no session by WebSocket.
  public boolean maySendMessages(ParticipantId participant) {
    SignalingSession session = find(participant);
    return session != null && session.maySendMessages();
  }

  private @Nullable SignalingSession find(ParticipantId participant) {
    return sessions.values().stream()
        .filter(session -> session.participant().equals(participant))
        .findFirst()
        .orElse(null);
  }

  /// A WebSocket was opened. Does not block.
  ///
  /// @param address as what the client is limited
  public ClientConnection connect(ClientSocket socket, String address) {
    counters.count(SignalingCounter.SOCKETS_OPENED);
    return new ClientConnection(this, socket, address, messagesPerSecond);
  }

  /// How many WebSockets each address has open, and how often it joins.
  public AddressLimits limits() {
    return addressLimits;
  }

  /// Whether a client may join one time more now; counts if not.
  public boolean mayJoin(String address) {
    boolean may = addressLimits.tryJoin(address, timers.nowNanos());
    if (!may) {
      counters.count(SignalingCounter.REFUSED_JOINS);
    }
    return may;
  }

  public SignalingCounters counters() {
    return counters;
  }

  /// The open rooms, for those who come in another way than by WebSocket.
  public Rooms rooms() {
    return rooms;
  }

  public SessionLog log() {
    return log;
  }

  /// Clients are offered this one from now on, each time with a password of its own.
  public void relayBy(TurnServer server) {
    turn = server;
  }

  /// Clients are told of our own TURN server over TLS too.
  public void relayBy(OwnRelays.Secure where) {
    secureRelays = where;
  }

  /// Where our own TURN server is over TLS; null: nowhere.
  public OwnRelays.@Nullable Secure secureRelays() {
    return secureRelays;
  }

  /// Nobody is let in, and nobody who is in gets a transport, while there is a reason.
  public void refuseWhile(Supplier<@Nullable String> reason) {
    rooms.refuseWhile(reason);
  }

  /// STUN and TURN servers for everyone, without those of which each client gets a password.
  public List<IceServer> iceServers() {
    return iceServers;
  }

  /// STUN and TURN servers for a client that comes now into this room.
  public List<IceServer> iceServers(RoomHandle room, ParticipantId client) {
    TurnServer relay = turn;
    List<String> own = OwnRelays.urls(room.places(client), secureRelays);
    List<IceServer> all = new ArrayList<>(iceServers);
    if (relays != null && !own.isEmpty()) {
      all.add(relays.issue(own, clock.instant(), client.value()));
    }
    if (relay != null) {
      all.add(relay.issue(clock.instant(), client.value()));
    }
    if (all.size() > iceServers.size()) {
      counters.count(SignalingCounter.TURN_CREDENTIALS);
    }
    return List.copyOf(all);
  }

  /// STUN and TURN servers for a client that looks for a path to the only other one in this room,
  /// in place of those that it has: relays that lead to this server only are of no use there. A
  /// relay over UDP says the client's address too.
  List<IceServer> directServers(RoomHandle room, ParticipantId client) {
    TurnServer relay = turn;
    List<Candidate> places = room.places(client);
    List<String> own =
        relays != null && relaysDirect ? OwnRelays.directUrls(places, secureRelays) : List.of();
    List<String> stun = tellsAddresses && own.isEmpty() ? OwnRelays.stunUrls(places) : List.of();
    List<IceServer> all = new ArrayList<>(iceServers);
    if (!stun.isEmpty()) {
      all.add(new IceServer(stun, null, null));
    }
    if (relays != null && !own.isEmpty()) {
      all.add(relays.issue(own, clock.instant(), client.directRelayName()));
    }
    if (relay != null) {
      all.add(relay.issue(clock.instant(), client.value()));
    }
    if (relay != null || !own.isEmpty()) {
      counters.count(SignalingCounter.TURN_CREDENTIALS);
    }
    return List.copyOf(all);
  }

  /// After how long a client needs new passwords for relays, half of their time before they run
  /// out; 0: it has none.
  long renewalNanos() {
    TurnServer relay = turn;
    Duration life = relay == null ? Duration.ZERO : relay.life();
    if (relays != null && (life.isZero() || relays.life().compareTo(life) < 0)) {
      life = relays.life();
    }
    return life.toNanos() / 2;
  }

  /// How many sessions there are, those that wait for their client included.
  public int sessionCount() {
    return sessions.size();
  }

  /// Lets no new room be opened, and tells every client, now and later, when the server stops at
  /// the latest.
  ///
  /// @param graceNanos from now
  public void drain(long graceNanos) {
    stopNanos = timers.nowNanos() + graceNanos;
    rooms.drain();
    sessions.values().forEach(SignalingSession::stopping);
  }

  /// What clients are told while the server drains; null while it does not.
  ServerMessage.@Nullable Stopping stopping() {
    Long until = stopNanos;
    return until == null
        ? null
        : new ServerMessage.Stopping(
            Math.max(0, (until - timers.nowNanos() + SECOND_NANOS - 1) / SECOND_NANOS));
  }

  /// Whether [#drain] was called.
  public boolean isDraining() {
    return stopNanos != null;
  }

  /// Closes all rooms; those that are kept are opened again by the next start.
  @Override
  public void close() {
    kept.close();
    rooms.closeAll();
    log.close();
  }

  /// Whoever comes for the first time and must be let in by a host: they wait from now on. Null if
  /// they need not. Throws AccessException, RefusedException, TooManyException.
  @Nullable Knock knock(Hello hello, Knock.Guest guest) {
    SignalingSession previous = hello.resume() == null ? null : sessions.get(hello.resume());
    boolean returns =
        previous != null
            && (previous.room().id().equals(hello.room())
                || breakouts.isMove(previous, hello.room()));
    if (returns || !rooms.rules(hello.room()).allow(Rule.WAITING_ROOM)) {
      return null;
    }
    Token token = access.knock(hello.token(), hello.room());
    if (!mustWait(hello.room(), token) || resumeTokens.redeem(hello) != null) {
      return null;
    }
    rooms.requireOpenOrOpenable(hello.room());
    OpenRoom open = rooms.find(hello.room());
    if (open != null && open.isLocked()) {
      throw new RefusedException(
          RefusedException.Reason.ROOM_LOCKED, "room " + hello.room() + " is locked");
    }
    Knock knock = Knock.of(hello, token, clock.instant(), guest);
    guest.waits(knock);
    waitingRooms.add(knock);
    log.waits(knock);
    watch.waits(knock, open == null ? null : open.instance());
    return knock;
  }

  /// Starts the session of somebody who was let in. Blocks; throws AccessException,
  /// RefusedException.
  SignalingSession enterFromDoor(ClientConnection connection, Hello hello, Knock knock) {
    return start(
        connection,
        hello,
        null,
        access.enterFromDoor(knock.token(), hello.token(), knock.room()),
        hello.room());
  }

  /// Finds the session that `hello` resumes, or starts one. Blocks; throws RefusedException.
  SignalingSession hello(ClientConnection connection, Hello hello) {
    SignalingSession previous = hello.resume() == null ? null : sessions.get(hello.resume());
    if (previous != null && !previous.hasBegun()) {
      throw comesBackAlready(previous.participant());
    }
    boolean keeps = hello.media() == Hello.Media.KEEP;
    RoomId target =
        previous == null ? hello.room() : breakouts.destination(previous, hello.room(), keeps);
    if (previous != null && !previous.room().id().equals(target)) {
      if (breakouts.isMove(previous, target)) {
        return move(connection, hello, previous, target);
      }
      previous.leave(LeaveReason.LEFT);
      previous = null;
    }
    if (previous == null) {
      requireNoBreakout(target);
    }
    if (previous != null && hello.media() == Hello.Media.KEEP && resumes(previous, connection)) {
      return previous;
    }
    SignalingSession.Admission returning = previous == null ? resumeTokens.redeem(hello) : null;
    return returning == null
        ? start(connection, hello, previous, target)
        : comeBack(connection, hello, returning);
  }

  /// Breakout rooms are entered from their main room.
  private void requireNoBreakout(RoomId room) {
    OpenRoom open = rooms.find(room);
    if (open != null && open.isBreakout()) {
      throw new RefusedException(
          RefusedException.Reason.FORBIDDEN,
          "room " + room + " belongs to room " + open.home().instance().id() + ": enter that one");
    }
  }

  /// A session goes on in another room that belongs to its own: with the same id and the same token
  /// to resume by, the same name, mutes and permissions.
  private SignalingSession move(
      ClientConnection connection, Hello hello, SignalingSession previous, RoomId target) {
    OpenRoom from = rooms.find(previous.room().id());
    OpenRoom to = rooms.find(target);
    if (from == null || to == null) {
      throw new RefusedException(
          RefusedException.Reason.ROOM_CLOSED, "room " + target + " is not open");
    }
    rooms.requireCapacity();
    Token token = previous.admission();
    ParticipantId id = previous.participant();
    Set<TrackSource> silenced = silencedIn(from, id);
    boolean maySendMessages = previous.maySendMessages();
    var admission =
        new SignalingSession.Admission(token, previous.token(), null, from.permitted(id, token));
    JoinRequest request = request(hello.named(previous.shownName()), admission, null, true);
    to.handle().restoreSilences(silences(request, silenced));
    previous.moved();
    SignalingSession session =
        join(to, request, admission, connection, hello.takesHandOver(), true);
    session.maySendMessages(maySendMessages);
    if (!silenced.equals(silencedIn(to, id))) {
      try {
        rooms.silence(to, room -> room.silence(id, silenced));
      } catch (NotStoredException e) {
        log.notStored(target, id, "a restart may forget what is muted", e);
      }
    }
    counters.count(SignalingCounter.SESSIONS_MOVED);
    return session;
  }

  private static Set<TrackSource> silencedIn(OpenRoom room, ParticipantId id) {
    return RoomAnswers.await(room.handle().participants()).stream()
        .filter(each -> each.id().equals(id))
        .findFirst()
        .map(ParticipantDetails::silenced)
        .orElse(Set.of());
  }

  private static Set<Silence> silences(JoinRequest who, Set<TrackSource> sources) {
    String person = Silence.person(who.identity(), who.id());
    Set<Silence> silences = new HashSet<>();
    sources.forEach(source -> silences.add(new Silence(person, source)));
    return silences;
  }

  private static RefusedException comesBackAlready(ParticipantId participant) {
    return new RefusedException(
        RefusedException.Reason.OVERLOADED,
        "participant " + participant + " comes back already, over another socket");
  }

  /// Who comes with a token of before a restart gets one for the same participant.
  private String resumeToken(Hello hello, @Nullable SignalingSession previous, Token admission) {
    String asked = hello.resume();
    if (asked != null && previous == null && resumeTokens.isOfBefore(asked, hello.room())) {
      return resumeTokens.renew(asked, hello.room(), admission);
    }
    return resumeTokens.issue(hello.room(), admission);
  }

  void forget(SignalingSession session) {
    sessions.remove(session.token(), session);
  }

  Timers timers() {
    return timers;
  }

  private boolean resumes(SignalingSession previous, ClientConnection connection) {
    try {
      if (!previous.resume(connection)) {
        return false;
      }
    } catch (RefusedException e) {
      previous.room().leave(previous.participant(), LeaveReason.SIGNALING_LOST);
      previous.abandon();
      return false;
    }
    counters.count(SignalingCounter.SESSIONS_RESUMED);
    log.resumed(previous.room().id(), previous.participant());
    return true;
  }

  private SignalingSession start(
      ClientConnection connection,
      Hello hello,
      @Nullable SignalingSession previous,
      RoomId target) {
    // A reload goes on with what the session was let in with: its token may be over by now.
    return start(
        connection,
        hello,
        previous,
        previous == null
            ? access.enter(hello.token(), hello.room())
            : new Access.Entry(previous.admission(), null),
        target);
  }

  private SignalingSession start(
      ClientConnection connection,
      Hello hello,
      @Nullable SignalingSession previous,
      Access.Entry entry,
      RoomId target) {
    long begun = timers.nowNanos();
    ParticipantId replaces = previous == null ? null : previous.participant();
    Token token = entry.token();
    SignalingSession session;
    try {
      var admission =
          new SignalingSession.Admission(token, resumeToken(hello, previous, token), entry.pass());
      JoinRequest request = request(hello, admission, replaces, false);
      session =
          rooms.enter(
              target,
              room ->
                  join(
                      room,
                      request,
                      admission,
                      connection,
                      hello.takesHandOver(),
                      replaces != null));
    } catch (RuntimeException e) {
      access.withdraw(entry);
      throw e;
    }
    if (previous != null) {
      previous.replaced();
      OpenRoom open = rooms.find(target);
      if (open != null) {
        breakouts.replaced(open, previous.person(), session.person());
      }
    }
    counters.record(JoinPhase.WELCOME, timers.nowNanos() - begun);
    counters.count(
        replaces == null ? SignalingCounter.SESSIONS_STARTED : SignalingCounter.SESSIONS_REPLACED);
    return session;
  }

  /// Somebody who was in the room before the server was restarted, as the same participant, though
  /// the room may be locked and the token over by now.
  private SignalingSession comeBack(
      ClientConnection connection, Hello hello, SignalingSession.Admission returning) {
    long begun = timers.nowNanos();
    // Without tokens nobody who was removed could be told from the others.
    JoinRequest request = request(hello, returning, null, access.requiresTokens());
    SignalingSession session =
        rooms.enter(
            hello.room(),
            room -> join(room, request, returning, connection, hello.takesHandOver(), true));
    counters.record(JoinPhase.WELCOME, timers.nowNanos() - begun);
    counters.count(SignalingCounter.SESSIONS_RETURNED);
    return session;
  }

  private JoinRequest request(
      Hello hello,
      SignalingSession.Admission admission,
      @Nullable ParticipantId replaces,
      boolean returning) {
    Token token = admission.token();
    String name = token.name() == null ? hello.name() : token.name();
    if (name == null) {
      throw new InvalidMessageException("name", "is missing, and the token has none");
    }
    return new JoinRequest(
        admission.participant(),
        name,
        token.grants().hidden(),
        replaces,
        token.identity() == null ? null : new Identity(token.identity()),
        token.metadata(),
        token.grants().permissions(),
        returning || (access.requiresTokens() && token.grants().roomAdmin()),
        false,
        hello.switchesLayers(),
        hello.talksDirectly() && token.grants().p2p());
  }

  private SignalingSession join(
      OpenRoom open,
      JoinRequest wish,
      SignalingSession.Admission admission,
      ClientConnection connection,
      boolean takesHandOver,
      boolean returns) {
    RoomHandle room = open.handle();
    var session =
        new SignalingSession(this, room, admission, takesHandOver, negotiators.get(), connection);
    if (sessions.putIfAbsent(admission.resume(), session) != null) {
      throw comesBackAlready(wish.id());
    }
    Token token = admission.token();
    open.admitted(wish.id(), token);
    Permissions permitted = admission.permitted();
    if (permitted != null && !permitted.equals(token.grants().permissions())) {
      open.permit(wish.id(), permitted);
    }
    JoinRequest request;
    try {
      hosting.bring(open, token);
      if (!returns) {
        hosting.joining(open, wish.id(), wish.identity(), token);
      }
      request = wish.with(hosting.permissions(open, token, open.permitted(wish.id(), token)));
      session.begin(request.name(), RoomAnswers.await(room.join(request, session)));
      // Once more: whoever comes back under an id may have left under it a moment ago.
      if (sessions.get(admission.resume()) == session) {
        open.admitted(request.id(), token);
      }
    } catch (RuntimeException e) {
      room.leave(wish.id(), LeaveReason.SIGNALING_LOST);
      open.left(wish.id());
      session.abandon();
      throw e;
    }
    log.joined(room.id(), request.id());
    hosting.joined(open, request.id(), token, request.permissions());
    breakouts.changed(open);
    return session;
  }
}
