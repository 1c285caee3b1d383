package org.plenum.signaling.session;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.DirectEnd;
import org.plenum.sfu.Identity;
import org.plenum.sfu.LeaveReason;
import org.plenum.sfu.Mid;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.PeerMessage;
import org.plenum.sfu.Permissions;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.RoomHandle;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.RoomListener;
import org.plenum.sfu.RoomSnapshot;
import org.plenum.sfu.Silence;
import org.plenum.sfu.TransportAnswer;
import org.plenum.sfu.TransportState;
import org.plenum.signaling.protocol.ClientMessage;
import org.plenum.signaling.protocol.ErrorCode;
import org.plenum.signaling.protocol.IceServer;
import org.plenum.signaling.protocol.RoomRules;
import org.plenum.signaling.protocol.Rule;
import org.plenum.signaling.protocol.ServerMessage;
import org.plenum.signaling.token.AccessException;
import org.plenum.signaling.token.Token;

/// One participant of one room, over one WebSocket after another.
///
/// Events come on the room's worker thread, messages on the socket's, time-outs on the timers'. The
/// lock is held for a few statements at a time, never while anything blocks.
final class SignalingSession implements RoomListener {
  /// How long a session waits for another socket; PROTOCOL.md promises it.
  static final long RESUME_NANOS = 20_000_000_000L;

  private final Signaling signaling;
  private final RoomHandle room;
  private final ParticipantId participant;
  private final String token;
  private final OfferNegotiator negotiator;
  private final Token admission;
  private final ChatBudget chat;
  private volatile boolean maySendMessages;

  /// Where the client was asked to go on, and has not come yet; null: nowhere.
  private volatile @Nullable RoomId goingTo;

  /// Held during a negotiation, which blocks: one at a time.
  private final ReentrantLock negotiating = new ReentrantLock();

  private final ReentrantLock lock = new ReentrantLock();
  private final EventDelivery delivery;

  /// Null while the client is away: events are dropped then, for a resume begins with a snapshot.
  private @Nullable ClientConnection connection;

  /// Whether the client does what `handOver` says.
  private final boolean takesHandOver;

  /// Whether it was told to, and needs this session only until it has.
  private boolean handingOver;

  private Timers.@Nullable Timer awayTimer;
  private Timers.@Nullable Timer renewal;

  /// Not null while the answer of the room must come first.
  private @Nullable HeldEvents held = new HeldEvents();

  private boolean ended;

  /// Whether a welcome is still to come over the present socket.
  private boolean resuming;

  private boolean answered;

  /// When the first answer was given, if it was.
  private long answeredNanos;

  /// Whether the media path has been up once.
  private boolean connectedOnce;

  /// What the client is told to come with from now on; null: what it came with.
  private final @Nullable String pass;

  /// What others are shown.
  private volatile String name = "";

  /// Whether the room has let the participant in.
  private volatile boolean begun;

  /// Who is let in.
  ///
  /// @param token with which
  /// @param resume by which the session is found again; the participant's id follows from it
  /// @param pass a guest's own token, in place of the one that they came with; or null
  /// @param permitted what was changed of what they may do, in the room from which they come; null:
  ///     nothing
  record Admission(
      Token token, String resume, @Nullable String pass, @Nullable Permissions permitted) {
    Admission(Token token, String resume, @Nullable String pass) {
      this(token, resume, pass, null);
    }

    Admission(Token token, String resume) {
      this(token, resume, null);
    }

    ParticipantId participant() {
      return ResumeTokens.participant(resume);
    }

    /// Without what must never get into a log.
    @Override
    public String toString() {
      return "Admission[participant=" + participant() + "]";
    }
  }

  SignalingSession(
      Signaling signaling,
      RoomHandle room,
      Admission admitted,
      boolean takesHandOver,
      OfferNegotiator negotiator,
      ClientConnection connection) {
    this.signaling = signaling;
    this.takesHandOver = takesHandOver;
    this.room = room;
    this.participant = admitted.participant();
    this.token = admitted.resume();
    this.admission = admitted.token();
    this.pass = admitted.pass();
    this.maySendMessages = admission.grants().canPublishData();
    this.negotiator = negotiator;
    this.connection = connection;
    this.chat = ChatBudget.ofSender(signaling.timers().nowNanos());
    this.delivery =
        new EventDelivery(
            signaling.timers(),
            lock,
            this::send,
            () -> signaling.directServers(room, admitted.participant()),
            this::end);
  }

  ParticipantId participant() {
    return participant;
  }

  RoomHandle room() {
    return room;
  }

  String token() {
    return token;
  }

  /// With what it was let in.
  Token admission() {
    return admission;
  }

  boolean maySendMessages() {
    return maySendMessages;
  }

  void maySendMessages(boolean allowed) {
    maySendMessages = allowed;
  }

  /// Tells others something. Throws AccessException, TooManyException or RefusedException.
  void say(ClientMessage.Message message) {
    if (!maySendMessages) {
      throw AccessException.forbidden("this participant may not send messages");
    }
    OpenRoom open = signaling.rooms().find(room.id());
    if (open != null) {
      signaling.hosting().requireMaySay(open, participant, message);
    }
    takeChat(message);
    ChatHistory.Line line = open == null ? null : line(open, message);
    try {
      // Kept first: who comes now rather hears it twice than not at all.
      if (open != null && line != null) {
        open.history().add(line);
      }
      RoomAnswers.await(room.send(participant, message.to(), message.topic(), message.text()));
    } catch (RuntimeException e) {
      if (open != null && line != null) {
        open.history().remove(line);
      }
      throw e;
    }
  }

  /// What is kept of a message for those who come later; null if nothing is.
  private ChatHistory.@Nullable Line line(OpenRoom open, ClientMessage.Message message) {
    return message.to() != null || !message.isKept() || !open.rules().allow(Rule.HISTORY)
        ? null
        : new ChatHistory.Line(
            participant,
            person(),
            name,
            message.topic(),
            message.text(),
            signaling.clock().millis());
  }

  /// As moderators' mutes and breakout rooms know them.
  String person() {
    String identity = admission.identity();
    return Silence.person(identity == null ? null : new Identity(identity), participant);
  }

  /// Is shown under another name from now on. Throws AccessException or TooManyException.
  void rename(String wanted) {
    if (admission.name() != null) {
      throw AccessException.forbidden("the token says this participant's name");
    }
    takeChat(new ClientMessage.Message(null, "name", wanted)); // everyone is told, as of a message
    name = wanted;
    room.rename(participant, wanted);
  }

  /// Tells the client of the one whom this participant talks to directly something. Blocks for the
  /// room's answer; throws RefusedException.
  void tellPeer(ParticipantId to, PeerMessage message) {
    try {
      RoomAnswers.await(room.peer(participant, to, message));
    } catch (RefusedException e) {
      signaling.counters().count(SignalingCounter.REFUSED_PEER_MESSAGES);
      throw e;
    }
  }

  /// The client says how its direct call goes.
  void direct(ClientMessage.Direct said) {
    DirectEnd failure = said.failure();
    if (failure == null) {
      room.directConnected(participant, said.call());
    } else {
      room.directFailed(participant, said.call(), failure);
    }
  }

  /// Throws TooManyException if this is more text than may be sent now.
  private void takeChat(ClientMessage.Message message) {
    long bytes = message.text().getBytes(StandardCharsets.UTF_8).length;
    long now = signaling.timers().nowNanos();
    OpenRoom open = signaling.rooms().find(room.id());
    int readers = message.to() != null || open == null ? 1 : Math.max(1, open.size() - 1);
    if (!chat.tryTake(bytes, now)) {
      throw tooMuchChat("this participant has sent too much text in a short time");
    }
    if (open != null && !open.chat().tryTake(bytes * readers, now)) {
      throw tooMuchChat("too much text was sent in this room in a short time");
    }
  }

  private TooManyException tooMuchChat(String what) {
    signaling.counters().count(SignalingCounter.REFUSED_CHAT);
    return new TooManyException("text", what + "; this message was not sent");
  }

  /// Tells the others that a track is muted or not. Blocks where that is a mute which a host must
  /// end.
  void mute(Mid mid, boolean muted) {
    room.mute(participant, mid, muted);
    OpenRoom open = muted ? signaling.rooms().find(room.id()) : null;
    if (open != null) {
      signaling.hosting().muted(open, participant, mid);
    }
  }

  /// Says what the client may know of by its welcome; before it nothing is said.
  void told(ServerMessage message) {
    lock.lock();
    try {
      // A resumed session's welcome tells all of it.
      if (begun && !ended && connection != null && !resuming) {
        send(message);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Says what the room has counted of this participant's media. Blocks for the room's answer;
  /// throws RefusedException.
  void answerStats(ClientConnection from, long id) {
    tell(from, new ServerMessage.Stats(id, RoomAnswers.await(room.statistics(participant))));
  }

  /// Asks the client to go to another room. Returns false if it is away.
  boolean move(ServerMessage.Move move) {
    lock.lock();
    try {
      send(move);
      return connection != null;
    } finally {
      lock.unlock();
    }
  }

  /// What others are shown.
  String shownName() {
    return name;
  }

  long nowNanos() {
    return signaling.timers().nowNanos();
  }

  @Nullable RoomId goingTo() {
    return goingTo;
  }

  /// Asks the client to go on in another room that belongs to this one; it is asked again whenever
  /// it comes back without having gone.
  void goTo(RoomId target) {
    lock.lock();
    try {
      goingTo = target;
      if (begun && !ended && connection != null && !resuming) {
        send(new ServerMessage.Move(target, null, true));
      }
    } finally {
      lock.unlock();
    }
  }

  /// It goes on in another room: the others here are told so, and its socket is done with.
  void moved() {
    lock.lock();
    try {
      ClientConnection present = connection;
      room.leave(participant, LeaveReason.MOVED);
      abandon();
      if (present != null) {
        present.abort(null, CloseCode.NORMAL, "the session goes on in another room");
      }
    } finally {
      lock.unlock();
    }
  }

  /// The room has let the participant in: says welcome, and then what has happened since.
  void begin(String name, RoomSnapshot snapshot) {
    this.name = name;
    lock.lock();
    try {
      begun = true;
      welcome(snapshot, false);
    } finally {
      lock.unlock();
    }
  }

  /// Whether the room has let the participant in: before that there is nothing to resume.
  boolean hasBegun() {
    return begun;
  }

  /// Goes on over another socket. Blocks for the room's answer. Returns false if the session is
  /// over.
  boolean resume(ClientConnection next) {
    ClientConnection previous;
    HeldEvents mine = new HeldEvents();
    lock.lock();
    try {
      if (ended) {
        return false;
      }
      previous = connection;
      connection = next;
      cancelAwayTimer();
      hold(mine);
      resuming = true;
    } finally {
      lock.unlock();
    }
    if (previous != null) {
      previous.abort(null, CloseCode.NORMAL, "the session goes on over another socket");
    }
    RoomSnapshot snapshot = RoomAnswers.await(room.snapshot(participant));
    lock.lock();
    try {
      if (connection == next && held == mine) {
        welcome(snapshot, true);
      }
      return !ended;
    } finally {
      lock.unlock();
    }
  }

  /// The socket is gone: waits for another, unless it has one already.
  void detach(ClientConnection gone) {
    lock.lock();
    try {
      if (connection == gone && handingOver) {
        abandon();
      } else if (connection == gone) {
        goAway();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Answers an offer. Blocks for the room's answer; throws InvalidMessageException or
  /// RefusedException.
  void negotiate(ClientConnection from, ClientMessage.Offer offer) {
    negotiating.lock();
    try {
      long begun = signaling.timers().nowNanos();
      if (!hasTransport()) {
        signaling.rooms().requireCapacity();
      }
      OfferNegotiator.Negotiated negotiated = negotiator.negotiate(offer);
      HeldEvents mine = hold();
      try {
        TransportAnswer answer =
            RoomAnswers.await(room.negotiate(participant, negotiated.transportOffer()));
        tell(from, new ServerMessage.Answer(offer.id(), negotiated.answer(answer)));
        measureAnswer(begun);
      } finally {
        release(mine);
      }
    } finally {
      negotiating.unlock();
    }
  }

  /// The client said leave, or another session of it takes this one's place elsewhere.
  void leave(LeaveReason reason) {
    lock.lock();
    try {
      leaveRoom(reason);
    } finally {
      lock.unlock();
    }
  }

  /// The room is told first: as soon as the token is forgotten, the participant may come back under
  /// the same id.
  private void leaveRoom(LeaveReason reason) {
    room.leave(participant, reason);
    end(reason);
  }

  /// A newer session of the same client took its place in the room.
  void replaced() {
    lock.lock();
    try {
      end(LeaveReason.REPLACED);
    } finally {
      lock.unlock();
    }
  }

  /// Ends without a word: the room does not know it, and its socket goes on without it.
  void abandon() {
    lock.lock();
    try {
      connection = null;
      held = null;
      ended = true;
      cancelAwayTimer();
      delivery.stop();
      signaling.forget(this);
    } finally {
      lock.unlock();
    }
  }

  /// Another node has the room: the client finds it by coming back.
  void handOver() {
    lock.lock();
    try {
      ClientConnection present = connection;
      abandon();
      if (present != null) {
        present.abort(null, CloseCode.GOING_AWAY, "the room is on another node");
      }
    } finally {
      lock.unlock();
    }
  }

  /// Another node has the room: the client is told to go there, or, if it cannot while this one
  /// plays, sent there.
  void offerHandOver(ServerMessage.HandOver offer) {
    lock.lock();
    try {
      if (takesHandOver && connection != null && begun && !ended && !handingOver) {
        handingOver = true;
        send(offer);
      } else {
        handOver();
      }
    } finally {
      lock.unlock();
    }
  }

  /// The client needs this session no more.
  void handedOver() {
    lock.lock();
    try {
      handingOver = false;
    } finally {
      lock.unlock();
    }
  }

  /// Whether the client is still to go to another node.
  boolean isHandingOver() {
    lock.lock();
    try {
      return handingOver && !ended;
    } finally {
      lock.unlock();
    }
  }

  void answerPing(ClientConnection from, long id) {
    tell(from, new ServerMessage.Pong(id));
  }

  /// The server drains: the client is told, unless it goes elsewhere in any case.
  void stopping() {
    lock.lock();
    try {
      if (!handingOver) {
        send(signaling.stopping());
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void onEvent(RoomEvent event) {
    lock.lock();
    try {
      if (event instanceof RoomEvent.TransportStateChanged(var state)) {
        signaling.log().transport(room.id(), participant, state);
        measureConnect(state);
      } else if (event instanceof RoomEvent.BitrateExceeded exceeded) {
        signaling.log().bitrateExceeded(room.id(), participant, exceeded);
      } else if (event instanceof RoomEvent.SsrcChanged change) {
        signaling.log().ssrcChanged(room.id(), participant, change);
      }
      if (ended) {
        return;
      }
      if (held == null) {
        deliver(event);
      } else if (!held.add(event)) {
        tooSlow();
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean hasTransport() {
    lock.lock();
    try {
      return answered;
    } finally {
      lock.unlock();
    }
  }

  private void measureAnswer(long begun) {
    lock.lock();
    try {
      if (!answered) {
        answered = true;
        answeredNanos = signaling.timers().nowNanos();
        signaling.counters().record(JoinPhase.ANSWER, answeredNanos - begun);
      }
    } finally {
      lock.unlock();
    }
  }

  private void measureConnect(TransportState state) {
    if (state == TransportState.CONNECTED && answered && !connectedOnce) {
      connectedOnce = true;
      long now = signaling.timers().nowNanos();
      signaling.counters().record(JoinPhase.CONNECT, now - answeredNanos);
    }
  }

  private void welcome(RoomSnapshot snapshot, boolean resumed) {
    HeldEvents events = held;
    held = null;
    resuming = false;
    delivery.restart(snapshot.participants().size());
    OpenRoom open = signaling.rooms().find(room.id());
    ServerMessage.Ruling ruling =
        open == null
            ? new ServerMessage.Ruling(false, RoomRules.USUAL, List.of())
            : signaling.hosting().ruling(open);
    send(
        new ServerMessage.Welcome(
            room.id(),
            participant,
            name,
            token,
            resumed,
            signaling.iceServers(room, participant),
            snapshot.participants(),
            resumed ? snapshot.slots() : List.of(),
            snapshot.hiddenCount(),
            snapshot.silenced(),
            admission.grants().hidden() ? Set.of() : admission.grants().permissions().publish(),
            pass,
            !signaling.access().requiresTokens(),
            snapshot.observation(),
            ruling,
            open != null && signaling.hosting().isHost(open, admission)
                ? signaling.hosting().waiters(open.home().instance().id())
                : List.of(),
            resumed || open == null ? List.of() : written(open),
            signaling.otherNodes()));
    send(signaling.stopping());
    send(signaling.breakouts().told(this));
    RoomId target = goingTo;
    if (target != null) {
      send(new ServerMessage.Move(target, null, true));
    }
    awaitRenewal();
    if (events != null) {
      events.after(snapshot).forEach(this::deliver);
      missed(events.missed());
    }
  }

  /// Before the passwords for relays run out that the client has, it gets new ones.
  private void awaitRenewal() {
    cancelRenewal();
    long nanos = signaling.renewalNanos();
    if (nanos > 0) {
      renewal = signaling.timers().after(nanos, this::renew);
    }
  }

  private void renew() {
    lock.lock();
    try {
      // Whoever is away gets them with the next welcome.
      if (!ended && connection != null) {
        List<IceServer> usual = signaling.iceServers(room, participant);
        send(new ServerMessage.IceServers(usual, delivery.directServers()));
        awaitRenewal();
      }
    } finally {
      lock.unlock();
    }
  }

  private void cancelRenewal() {
    if (renewal != null) {
      renewal.cancel();
      renewal = null;
    }
  }

  private List<ServerMessage.Written> written(OpenRoom open) {
    return open.history().lines().stream()
        .map(
            line ->
                new ServerMessage.Written(
                    line.from(),
                    line.name(),
                    line.topic(),
                    line.text(),
                    line.atMillis(),
                    line.person().equals(person())))
        .toList();
  }

  /// Makes events wait; returns null if they wait already, for something else.
  private @Nullable HeldEvents hold() {
    lock.lock();
    try {
      if (held != null || connection == null) {
        return null;
      }
      HeldEvents mine = new HeldEvents();
      held = mine;
      return mine;
    } finally {
      lock.unlock();
    }
  }

  /// Makes events wait here from now on; those that waited elsewhere are in the snapshot to come,
  /// all but the last word.
  private void hold(HeldEvents mine) {
    RoomEvent.Removed removed = held == null ? null : held.removed();
    held = mine;
    if (removed != null) {
      mine.add(removed);
    }
  }

  private void release(@Nullable HeldEvents mine) {
    lock.lock();
    try {
      if (mine != null && held == mine) {
        held = null;
        mine.all().forEach(this::deliver);
        missed(mine.missed());
      }
    } finally {
      lock.unlock();
    }
  }

  /// So many messages of others could not wait.
  private void missed(int messages) {
    if (messages > 0 && connection != null) {
      connection.missed(messages);
    }
  }

  /// To a client that is away only the last word matters.
  private void deliver(RoomEvent event) {
    if (connection != null || event instanceof RoomEvent.Removed) {
      delivery.deliver(event);
    }
  }

  /// To this socket only: nobody else asked.
  private void tell(ClientConnection to, ServerMessage message) {
    lock.lock();
    try {
      if (connection == to) {
        send(message);
      }
    } finally {
      lock.unlock();
    }
  }

  private void send(@Nullable ServerMessage message) {
    if (message != null && connection != null && !connection.send(message)) {
      tooSlow();
    }
  }

  private void tooSlow() {
    if (connection != null) {
      signaling.counters().count(SignalingCounter.CLIENTS_TOO_SLOW);
      signaling.log().tooSlow(room.id(), participant);
      connection.abort(
          ServerMessage.Error.fatal(
              ErrorCode.TOO_SLOW, Outbox.CAPACITY + " messages waited for this client"),
          CloseCode.TRY_AGAIN_LATER,
          "too slow");
      goAway();
    }
  }

  private void goAway() {
    RoomEvent.Removed removed = held == null ? null : held.removed();
    connection = null;
    held = null;
    delivery.stop();
    if (removed != null) {
      end(removed.reason());
    }
    if (!ended) {
      awayTimer = signaling.timers().after(RESUME_NANOS, this::expire);
    }
  }

  private void expire() {
    lock.lock();
    try {
      if (ended || connection != null) {
        return;
      }
      signaling.counters().count(SignalingCounter.SESSIONS_EXPIRED);
      leaveRoom(LeaveReason.SIGNALING_LOST);
    } finally {
      lock.unlock();
    }
  }

  private void end(LeaveReason reason) {
    if (ended) {
      return;
    }
    ended = true;
    held = null;
    cancelAwayTimer();
    cancelRenewal();
    delivery.stop();
    signaling.forget(this);
    if (connection != null) {
      delivery.flush();
      connection.finish(new ServerMessage.Bye(reason), CloseCode.NORMAL, "bye");
      connection = null;
    }
  }

  private void cancelAwayTimer() {
    if (awayTimer != null) {
      awayTimer.cancel();
      awayTimer = null;
    }
  }
}
