package org.plenum.signaling.session;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.JoinRequest;
import org.plenum.sfu.LeaveReason;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RoomHandle;
import org.plenum.signaling.protocol.ClientMessage.Hello;
import org.plenum.signaling.protocol.IceServer;
import org.plenum.signaling.protocol.ServerMessage;
import org.plenum.signaling.protocol.TurnServer;

/// All sessions of a server, found by the token with which a client resumes its own.
public final class Signaling implements AutoCloseable {
  private static final long SECOND_NANOS = 1_000_000_000L;

  private final Timers timers;
  private final Supplier<OfferNegotiator> negotiators;
  private final List<IceServer> iceServers;
  private final SignalingCounters counters = new SignalingCounters();
  private final SessionLog log = new SessionLog();
  private final Rooms rooms;
  private final ConcurrentMap<String, SignalingSession> sessions = new ConcurrentHashMap<>();

  private volatile @Nullable TurnServer turn;

  /// When the server stops at the latest; null while it does not drain.
  private volatile @Nullable Long stopNanos;

  /// @param negotiators makes one for each session
  /// @param iceServers for clients, may be empty
  public Signaling(
      RoomOpener opener,
      Supplier<OfferNegotiator> negotiators,
      List<IceServer> iceServers,
      Timers timers) {
    this.negotiators = negotiators;
    this.iceServers = List.copyOf(iceServers);
    this.timers = timers;
    this.rooms = new Rooms(opener, log);
  }

  /// A WebSocket was opened. Does not block.
  public ClientConnection connect(ClientSocket socket) {
    counters.count(SignalingCounter.SOCKETS_OPENED);
    return new ClientConnection(this, socket);
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

  /// STUN and TURN servers for a client that comes now.
  public List<IceServer> iceServers() {
    TurnServer relay = turn;
    if (relay == null) {
      return iceServers;
    }
    List<IceServer> all = new ArrayList<>(iceServers);
    all.add(relay.issue(Instant.now()));
    return List.copyOf(all);
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

  /// Closes all rooms.
  @Override
  public void close() {
    rooms.closeAll();
    log.close();
  }

  /// Finds the session that `hello` resumes, or starts one. Blocks; throws RefusedException.
  SignalingSession hello(ClientConnection connection, Hello hello) {
    SignalingSession previous = hello.resume() == null ? null : sessions.get(hello.resume());
    if (previous != null && !previous.room().id().equals(hello.room())) {
      previous.leave(LeaveReason.LEFT);
      previous = null;
    }
    if (previous != null && hello.media() == Hello.Media.KEEP && resumes(previous, connection)) {
      return previous;
    }
    return start(connection, hello, previous);
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
      previous.abandon();
      previous.room().leave(previous.participant(), LeaveReason.SIGNALING_LOST);
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
    JoinRequest request =
        new JoinRequest(SessionToken.nextParticipant(), hello.name(), false, replaces);
    SignalingSession session = rooms.enter(hello.room(), room -> join(room, request, connection));
    if (previous != null) {
      previous.replaced();
    }
    counters.record(JoinPhase.WELCOME, timers.nowNanos() - begun);
    counters.count(
        replaces == null ? SignalingCounter.SESSIONS_STARTED : SignalingCounter.SESSIONS_REPLACED);
    return session;
  }

  private SignalingSession join(RoomHandle room, JoinRequest request, ClientConnection connection) {
    SignalingSession session =
        new SignalingSession(this, room, request.id(), negotiators.get(), connection);
    sessions.put(session.token(), session);
    try {
      session.begin(RoomAnswers.await(room.join(request, session)));
    } catch (RuntimeException e) {
      session.abandon();
      room.leave(request.id(), LeaveReason.SIGNALING_LOST);
      throw e;
    }
    log.joined(room.id(), request.id());
    return session;
  }
}
