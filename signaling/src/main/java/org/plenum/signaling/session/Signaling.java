package org.plenum.signaling.session;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.Identity;
import org.plenum.sfu.JoinRequest;
import org.plenum.sfu.LeaveReason;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RoomHandle;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.data.NotStoredException;
import org.plenum.signaling.limit.AddressLimits;
import org.plenum.signaling.protocol.ClientMessage.Hello;
import org.plenum.signaling.protocol.IceServer;
import org.plenum.signaling.protocol.InvalidMessageException;
import org.plenum.signaling.protocol.OwnRelays;
import org.plenum.signaling.protocol.ServerMessage;
import org.plenum.signaling.protocol.TurnPasswords;
import org.plenum.signaling.protocol.TurnServer;
import org.plenum.signaling.token.Access;
import org.plenum.signaling.token.Token;

/// All sessions of a server, found by the token with which a client resumes its own.
public final class Signaling implements AutoCloseable {
  private static final long SECOND_NANOS = 1_000_000_000L;

  private final Timers timers;
  private final InstantSource clock;
  private final Access access;
  private final AddressLimits addressLimits;
  private final int messagesPerSecond;
  private final Supplier<OfferNegotiator> negotiators;
  private final List<IceServer> iceServers;
  private final @Nullable TurnPasswords relays;
  private volatile OwnRelays.@Nullable Secure secureRelays;
  private final SignalingCounters counters = new SignalingCounters();
  private final SessionLog log = new SessionLog();
  private final Rooms rooms;
  private final KeptRooms kept;
  private final ResumeTokens resumeTokens;
  private final ConcurrentMap<String, SignalingSession> sessions = new ConcurrentHashMap<>();

  private volatile @Nullable TurnServer turn;

  /// When the server stops at the latest; null while it does not drain.
  private volatile @Nullable Long stopNanos;

  /// Opens the rooms that are kept in `data.dir`. Throws IllegalStateException with one sentence if
  /// that cannot be used.
  ///
  /// @param negotiators makes one for each session
  /// @param watch sees what happens in every room
  public Signaling(
      RoomOpener opener,
      Supplier<OfferNegotiator> negotiators,
      ServerConfig config,
      Access access,
      RoomWatch watch,
      Timers timers,
      InstantSource clock) {
    this.negotiators = negotiators;
    this.iceServers = config.iceServers();
    this.relays = config.media().relays();
    this.access = access;
    this.timers = timers;
    this.clock = clock;
    ServerConfig.Limits limits = config.limits();
    this.messagesPerSecond = limits.messagesPerSecond();
    this.addressLimits = new AddressLimits(limits.connectionsPerAddress(), limits.joinsPerSecond());
    this.kept = new KeptRooms(config.events().directory());
    this.resumeTokens = new ResumeTokens(config.events().directory(), access, clock);
    RoomSpec usual = new RoomSpec(config.room());
    this.rooms = new Rooms(opener, usual, limits, watch, clock, timers, counters, log, kept);
    rooms.reopen();
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
    RoomId id = room.instance().id();
    Token token = room.token(participant);
    try {
      if (token != null) {
        access.remove(id, token);
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
    List<String> own = OwnRelays.urls(room.relays(), secureRelays);
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

  /// Finds the session that `hello` resumes, or starts one. Blocks; throws RefusedException.
  SignalingSession hello(ClientConnection connection, Hello hello) {
    SignalingSession previous = hello.resume() == null ? null : sessions.get(hello.resume());
    if (previous != null && !previous.hasBegun()) {
      throw comesBackAlready(previous.participant());
    }
    if (previous != null && !previous.room().id().equals(hello.room())) {
      previous.leave(LeaveReason.LEFT);
      previous = null;
    }
    if (previous != null && hello.media() == Hello.Media.KEEP && resumes(previous, connection)) {
      return previous;
    }
    SignalingSession.Admission returning = previous == null ? resumeTokens.redeem(hello) : null;
    return returning == null
        ? start(connection, hello, previous)
        : comeBack(connection, hello, returning);
  }

  private static RefusedException comesBackAlready(ParticipantId participant) {
    return new RefusedException(
        RefusedException.Reason.OVERLOADED,
        "participant " + participant + " comes back already, over another socket");
  }

  /// Who comes with a token of before a restart gets one for the same participant.
  private String resumeToken(Hello hello, @Nullable SignalingSession previous, Token admission) {
    String asked = hello.resume();
    if (asked != null && previous == null && resumeTokens.isOfBefore(asked)) {
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
      ClientConnection connection, Hello hello, @Nullable SignalingSession previous) {
    long begun = timers.nowNanos();
    ParticipantId replaces = previous == null ? null : previous.participant();
    // A reload goes on with what the session was let in with: its token may be over by now.
    Access.Entry entry =
        previous == null
            ? access.enter(hello.token(), hello.room())
            : new Access.Entry(previous.admission(), null);
    Token token = entry.token();
    SignalingSession session;
    try {
      var admission =
          new SignalingSession.Admission(token, resumeToken(hello, previous, token), entry.pass());
      JoinRequest request = request(hello, admission, replaces, false);
      session = rooms.enter(hello.room(), room -> join(room, request, admission, connection));
    } catch (RuntimeException e) {
      access.withdraw(entry);
      throw e;
    }
    if (previous != null) {
      previous.replaced();
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
        rooms.enter(hello.room(), room -> join(room, request, returning, connection));
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
      JoinRequest request,
      SignalingSession.Admission admission,
      ClientConnection connection) {
    RoomHandle room = open.handle();
    var session = new SignalingSession(this, room, admission, negotiators.get(), connection);
    if (sessions.putIfAbsent(admission.resume(), session) != null) {
      throw comesBackAlready(request.id());
    }
    open.admitted(request.id(), admission.token());
    try {
      session.begin(request.name(), RoomAnswers.await(room.join(request, session)));
      // Once more: whoever comes back under an id may have left under it a moment ago.
      if (sessions.get(admission.resume()) == session) {
        open.admitted(request.id(), admission.token());
      }
    } catch (RuntimeException e) {
      room.leave(request.id(), LeaveReason.SIGNALING_LOST);
      open.left(request.id());
      session.abandon();
      throw e;
    }
    log.joined(room.id(), request.id());
    return session;
  }
}
