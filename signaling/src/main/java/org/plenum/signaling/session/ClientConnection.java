package org.plenum.signaling.session;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.LeaveReason;
import org.plenum.sfu.RefusedException;
import org.plenum.signaling.limit.TokenBucket;
import org.plenum.signaling.protocol.ClientMessage;
import org.plenum.signaling.protocol.ClientMessageReader;
import org.plenum.signaling.protocol.ErrorCode;
import org.plenum.signaling.protocol.InvalidMessageException;
import org.plenum.signaling.protocol.ServerMessage;
import org.plenum.signaling.protocol.ServerMessageWriter;
import org.plenum.signaling.token.AccessException;

/// One WebSocket: reads messages in blocking style, writes from its outbox on a thread of its own.
/// Before `hello` it has no session.
public final class ClientConnection implements ClientLine {
  /// From the opening of the socket; PROTOCOL.md promises it.
  static final long HELLO_NANOS = 10_000_000_000L;

  /// PROTOCOL.md promises it.
  static final int MOST_REFUSED = 100;

  private final Signaling signaling;
  private final ClientSocket socket;
  private final String address;
  private final TokenBucket messages;
  private final Outbox outbox = new Outbox();
  private final Timers.Timer helloTimer;
  private volatile @Nullable SignalingSession session;

  /// While a host must let the client in, and after; null if it did not have to wait.
  private volatile @Nullable Knock waits;

  private volatile boolean closed;

  /// Messages refused one after another because there were too many.
  private int refused;

  /// The end was announced: nothing that still comes in counts.
  private volatile boolean finished;

  /// @param address as what the client is limited
  ClientConnection(
      Signaling signaling, ClientSocket socket, String address, int messagesPerSecond) {
    this.signaling = signaling;
    this.socket = socket;
    this.address = address;
    this.messages = new TokenBucket(messagesPerSecond, signaling.timers().nowNanos());
    this.helloTimer = signaling.timers().after(HELLO_NANOS, this::onNoHello);
    Thread.ofVirtual().name("outbox").start(this::write);
  }

  @Override
  public void onText(String text) {
    if (finished) {
      return;
    }
    signaling.counters().count(SignalingCounter.MESSAGES_RECEIVED);
    if (!messages.tryTake(signaling.timers().nowNanos())) {
      refuseMessage();
      return;
    }
    refused = 0;
    try {
      ClientMessage message = ClientMessageReader.read(text);
      if (message != null) {
        handle(message);
      }
    } catch (InvalidMessageException e) {
      signaling.counters().count(SignalingCounter.MESSAGES_INVALID);
      answer(ServerMessage.Error.of(e, session == null));
    } catch (RefusedException e) {
      answer(new ServerMessage.Error(code(e.reason()), reason(e), null, null, session == null));
    } catch (TooManyException e) {
      answer(
          new ServerMessage.Error(ErrorCode.TOO_MANY, reason(e), e.field(), null, session == null));
    } catch (RuleException e) {
      signaling.counters().count(SignalingCounter.REFUSED_RULES);
      answer(new ServerMessage.Error(ErrorCode.FORBIDDEN, reason(e), e.field(), null, false));
    } catch (AccessException e) {
      signaling.counters().count(SignalingCounter.REFUSED_TOKENS);
      answer(new ServerMessage.Error(code(e.kind()), reason(e), "token", null, session == null));
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  @Override
  public void onViolation() {
    signaling.counters().count(SignalingCounter.MESSAGES_INVALID);
    finished = true;
    outbox.gone();
  }

  @Override
  public void onClosed() {
    closed = true;
    helloTimer.cancel();
    outbox.gone();
    Knock knock = waits;
    if (knock != null) {
      signaling.stopWaiting(knock);
    }
    SignalingSession present = session;
    if (present != null) {
      present.detach(this);
    }
  }

  /// Does not block; returns false if too many messages wait.
  boolean send(ServerMessage message) {
    int dropped = outbox.dropped();
    boolean taken = outbox.offer(message);
    signaling.counters().add(SignalingCounter.CHAT_DROPPED, outbox.dropped() - dropped);
    return taken;
  }

  /// So many messages of others did not get as far as the outbox; the client is told.
  void missed(int messages) {
    signaling.counters().add(SignalingCounter.CHAT_DROPPED, messages);
    outbox.missed(messages);
  }

  /// Closes the socket after what waits and `last`.
  void finish(ServerMessage last, CloseCode code, String reason) {
    finished = true;
    outbox.finish(last, code, reason);
  }

  /// Closes the socket after `last`, or at once; what waits is dropped.
  void abort(@Nullable ServerMessage last, CloseCode code, String reason) {
    finished = true;
    outbox.abort(last, code, reason);
  }

  /// Whoever does not stop is sent away.
  private void refuseMessage() {
    signaling.counters().count(SignalingCounter.REFUSED_MESSAGES);
    refused++;
    answer(
        new ServerMessage.Error(
            ErrorCode.TOO_MANY,
            "too many messages in a short time; this one was not read",
            null,
            null,
            refused > MOST_REFUSED));
  }

  private void handle(ClientMessage message) {
    SignalingSession present = session;
    if (message instanceof ClientMessage.Hello hello) {
      hello(hello, present);
    } else if (present == null && waits != null) {
      handleWaiting(message);
    } else if (present == null) {
      throw new InvalidMessageException("type", "must be hello in the first message");
    } else {
      handle(message, present);
    }
  }

  private void handleWaiting(ClientMessage message) {
    if (!(message instanceof ClientMessage.Leave)) {
      return; // it was sent too early, and would mean nothing later
    }
    Knock knock = waits;
    if (knock != null) {
      signaling.stopWaiting(knock);
    }
    finish(new ServerMessage.Bye(LeaveReason.LEFT), CloseCode.NORMAL, "bye");
  }

  private void handle(ClientMessage message, SignalingSession present) {
    switch (message) {
      case ClientMessage.Hello _ -> throw new IllegalStateException("hello was handled before");
      case ClientMessage.Offer offer -> offer(offer, present);
      case ClientMessage.View(var seats) -> present.room().view(present.participant(), seats);
      case ClientMessage.Mute(var mid, var muted) -> present.mute(mid, muted);
      case ClientMessage.Report(var playback) ->
          present.room().report(present.participant(), playback);
      case ClientMessage.Rename(var name) -> present.rename(name);
      case ClientMessage.Message words -> present.say(words);
      case ClientMessage.Peer(var to, var said) -> present.tellPeer(to, said);
      case ClientMessage.AgreeDirect(boolean agrees) ->
          present.room().agreeDirect(present.participant(), agrees);
      case ClientMessage.Direct direct -> present.direct(direct);
      case ClientMessage.Stats(long id) -> count(id, present);
      case ClientMessage.Move(var room) -> signaling.breakouts().ask(present, room);
      case ClientMessage.Ping(long id) -> present.answerPing(this, id);
      case ClientMessage.HandedOver _ -> present.handedOver();
      case ClientMessage.Leave _ -> present.leave(LeaveReason.LEFT);
    }
  }

  private void hello(ClientMessage.Hello hello, @Nullable SignalingSession present) {
    if (present != null || waits != null) {
      throw new InvalidMessageException("type", "must not be hello a second time");
    }
    helloTimer.cancel();
    if (hello.version() != ServerMessageWriter.VERSION) {
      String message =
          "version must be " + ServerMessageWriter.VERSION + ", not " + hello.version();
      answer(
          new ServerMessage.Error(ErrorCode.UNSUPPORTED_VERSION, message, "version", null, true));
      return;
    }
    if (!signaling.mayJoin(address)) {
      answer(
          new ServerMessage.Error(
              ErrorCode.TOO_MANY, "this address joins too often", null, null, true));
      return;
    }
    Knock knock = signaling.knock(hello, new AtDoor(hello));
    if (knock == null) {
      begin(signaling.hello(this, hello));
    } else if (closed) {
      signaling.stopWaiting(knock);
    }
  }

  private void begin(SignalingSession mine) {
    session = mine;
    if (waits != null && (closed || finished)) {
      mine.leave(LeaveReason.LEFT); // nobody could resume it
    } else if (closed) {
      mine.detach(this);
    }
  }

  /// This client, while it waits.
  private final class AtDoor implements Knock.Guest {
    private final ClientMessage.Hello hello;

    AtDoor(ClientMessage.Hello hello) {
      this.hello = hello;
    }

    @Override
    public void waits(Knock knock) {
      waits = knock;
      send(new ServerMessage.Wait(knock.room(), knock.name()));
    }

    @Override
    public void letIn(Knock knock) {
      try {
        begin(signaling.enterFromDoor(ClientConnection.this, hello, knock));
      } catch (RefusedException e) {
        answer(new ServerMessage.Error(code(e.reason()), reason(e), null, null, true));
      } catch (AccessException e) {
        signaling.counters().count(SignalingCounter.REFUSED_TOKENS);
        answer(new ServerMessage.Error(code(e.kind()), reason(e), "token", null, true));
      } catch (InvalidMessageException e) {
        answer(ServerMessage.Error.of(e, true));
      } catch (RuntimeException e) {
        fail(e);
      }
    }

    @Override
    public void comesAgain() {
      abort(null, CloseCode.GOING_AWAY, "the room is on another node");
    }

    @Override
    public void sendAway(boolean decided) {
      answer(
          decided
              ? ServerMessage.Error.fatal(ErrorCode.NOT_ADMITTED, "a host did not let you in")
              : ServerMessage.Error.fatal(ErrorCode.ROOM_CLOSED, "the meeting is over"));
    }
  }

  private void offer(ClientMessage.Offer offer, SignalingSession present) {
    try {
      present.negotiate(this, offer);
      signaling.counters().count(SignalingCounter.OFFERS_ANSWERED);
    } catch (InvalidMessageException e) {
      refuse(offer, ErrorCode.INVALID_OFFER, reason(e), e.field());
    } catch (RefusedException e) {
      refuse(offer, code(e.reason()), reason(e), null);
    }
  }

  private void count(long id, SignalingSession present) {
    try {
      present.answerStats(this, id);
    } catch (RefusedException e) {
      answer(new ServerMessage.Error(code(e.reason()), reason(e), null, id, false));
    }
  }

  private void refuse(
      ClientMessage.Offer offer, ErrorCode code, String message, @Nullable String field) {
    signaling.counters().count(SignalingCounter.OFFERS_REFUSED);
    answer(new ServerMessage.Error(code, message, field, offer.id(), false));
  }

  private void answer(ServerMessage.Error error) {
    if (error.fatal()) {
      finish(error, closeCode(error.code()), "see the error before");
    } else if (!send(error)) {
      abort(null, CloseCode.TRY_AGAIN_LATER, "too slow");
    }
  }

  private void fail(RuntimeException fault) {
    signaling.counters().count(SignalingCounter.FAULTS);
    SignalingSession present = session;
    signaling
        .log()
        .fault(
            present == null ? null : present.room().id(),
            present == null ? null : present.participant(),
            "a message could not be handled",
            fault);
    answer(ServerMessage.Error.fatal(ErrorCode.INTERNAL, "the server failed at this message"));
  }

  private void onNoHello() {
    signaling.counters().count(SignalingCounter.MESSAGES_INVALID);
    finish(
        ServerMessage.Error.fatal(ErrorCode.INVALID_MESSAGE, "hello did not come within 10 s"),
        CloseCode.POLICY_VIOLATION,
        "no hello");
  }

  private void write() {
    try {
      outbox.writeTo(socket);
    } catch (IOException e) {
      socket.close(CloseCode.TRY_AGAIN_LATER.code(), "too slow");
      onClosed();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String reason(RuntimeException refusal) {
    return Optional.ofNullable(refusal.getMessage()).orElse("refused");
  }

  private static ErrorCode code(RefusedException.Reason reason) {
    return switch (reason) {
      case ROOM_FULL -> ErrorCode.ROOM_FULL;
      case ROOM_LOCKED -> ErrorCode.ROOM_LOCKED;
      case FORBIDDEN -> ErrorCode.FORBIDDEN;
      case ROOM_CLOSED -> ErrorCode.ROOM_CLOSED;
      case UNKNOWN_PARTICIPANT, UNKNOWN_TRACK -> ErrorCode.INVALID_MESSAGE;
      case INVALID_OFFER -> ErrorCode.INVALID_OFFER;
      case TOO_MANY -> ErrorCode.TOO_MANY;
      case OVERLOADED -> ErrorCode.OVERLOADED;
      case RESTARTING -> ErrorCode.RESTARTING;
      case DUPLICATE_PARTICIPANT -> ErrorCode.INTERNAL;
    };
  }

  private static ErrorCode code(AccessException.Kind kind) {
    return switch (kind) {
      case UNAUTHORIZED -> ErrorCode.UNAUTHORIZED;
      case FORBIDDEN -> ErrorCode.FORBIDDEN;
      case UNAVAILABLE -> ErrorCode.OVERLOADED;
    };
  }

  private static CloseCode closeCode(ErrorCode code) {
    return switch (code) {
      case INVALID_MESSAGE,
          UNSUPPORTED_VERSION,
          INVALID_OFFER,
          UNAUTHORIZED,
          FORBIDDEN,
          ROOM_LOCKED,
          NOT_ADMITTED ->
          CloseCode.POLICY_VIOLATION;
      case ROOM_FULL, ROOM_CLOSED, OVERLOADED, RESTARTING, TOO_MANY, TOO_SLOW ->
          CloseCode.TRY_AGAIN_LATER;
      case INTERNAL -> CloseCode.INTERNAL;
    };
  }
}
