package org.plenum.sfu.room;

import org.jspecify.annotations.Nullable;
import org.plenum.ice.NanoTime;
import org.plenum.sfu.DirectEnd;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.PeerMessage;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RefusedException.Reason;
import org.plenum.sfu.RoomEvent.DirectChanged.State;

/// Decides when the two people of a room are to talk directly and when no more, and what their
/// clients may tell each other for it. Knows no participants, media or clock: time is an argument.
///
/// The first two of a room are brought together at once; after that nobody is before the last
/// direct call has been over for [#PAUSE_NANOS] and the two have been alone for as long, so a room
/// goes direct once in that time at the most. It goes back whenever it must. Whoever is one of two
/// whose path failed waits for longer, also with somebody else: who comes anew may be the same.
final class DirectCall {
  /// Between the end of a direct call and the next.
  static final long PAUSE_NANOS = 10_000_000_000L;

  /// For clients that never say whether they found a path: they are to give up after 5 s.
  static final long CONNECT_NANOS = 10_000_000_000L;

  /// After a path that failed; twice as long with each that fails after that.
  static final long FAILED_NANOS = 30_000_000_000L;

  private static final int MOST_DOUBLINGS = 4;

  /// A path that was good for so long was no failure.
  static final long PROVEN_NANOS = 60_000_000_000L;

  /// Of each side in one call: an offer or an answer, and again for an ICE restart.
  static final int MOST_DESCRIPTIONS = 4;

  /// Of each side in one call.
  static final int MOST_CANDIDATES = 128;

  /// Two people.
  ///
  /// @param first the one whose id is the lower: its client makes the offer
  record Pair(ParticipantId first, ParticipantId second) {
    static Pair of(ParticipantId one, ParticipantId other) {
      return one.value().compareTo(other.value()) < 0 ? new Pair(one, other) : new Pair(other, one);
    }

    boolean contains(ParticipantId who) {
      return first.equals(who) || second.equals(who);
    }

    ParticipantId other(ParticipantId who) {
      return first.equals(who) ? second : first;
    }
  }

  /// What the two are to be told.
  ///
  /// @param end why it has ended; null unless it has
  record Change(Pair pair, long call, State state, @Nullable DirectEnd end) {}

  /// What one side has done for the present call.
  private static final class Side {
    boolean connected;
    int descriptions;
    int candidates;
  }

  private State state = State.ENDED;
  private long call;
  private @Nullable Pair pair;
  private Side first = new Side();
  private Side second = new Side();
  private @Nullable DirectEnd lastEnd;
  private long endedNanos = NanoTime.NEVER;
  private long startedNanos;
  private long upNanos = NanoTime.NEVER;
  private int failures;

  /// Who could talk directly at the last look, and since when.
  private @Nullable Pair alone;

  private long aloneNanos;

  /// Whether media goes directly: both sides have said so.
  boolean isUp() {
    return state == State.UP;
  }

  /// What one of the latest pair is to know now; null if it never was one of one.
  @Nullable Change present(ParticipantId who) {
    Pair latest = pair;
    return latest == null || !latest.contains(who)
        ? null
        : new Change(latest, call, state, state == State.ENDED ? lastEnd : null);
  }

  /// Looks at who is there.
  ///
  /// @param possible those who could talk directly now; null if nobody could
  /// @param why nobody could; counts only then
  /// @return what has changed; null if nothing has
  @Nullable Change review(@Nullable Pair possible, DirectEnd why, long nowNanos) {
    if (possible == null || !possible.equals(alone)) {
      alone = possible;
      aloneNanos = nowNanos;
    }
    if (state != State.ENDED && (possible == null || !possible.equals(pair))) {
      return end(possible == null ? why : DirectEnd.LEFT, nowNanos);
    }
    if (state == State.STARTED && nowNanos - startedNanos >= CONNECT_NANOS) {
      return end(DirectEnd.NOT_CONNECTED, nowNanos);
    }
    return state == State.ENDED && possible != null && mayStart(possible, nowNanos)
        ? start(possible, nowNanos)
        : null;
  }

  /// A client says that it is connected to the other.
  ///
  /// @return what has changed; null if nothing has
  @Nullable Change connected(ParticipantId who, long number, long nowNanos) {
    Side side = side(who, number);
    if (side == null || state != State.STARTED) {
      return null;
    }
    side.connected = true;
    if (!first.connected || !second.connected) {
      return null;
    }
    upNanos = nowNanos;
    return change(State.UP, null);
  }

  /// A client says that the path is no good.
  ///
  /// @return what has changed; null if nothing has
  @Nullable Change failed(ParticipantId who, long number, DirectEnd reason, long nowNanos) {
    return side(who, number) == null ? null : end(reason, nowNanos);
  }

  /// Whether a message may go to the other; counts it. What is of a call that is over came too late
  /// and is left out. Throws RefusedException for what nobody agreed to, or what is too much.
  boolean passes(ParticipantId from, ParticipantId to, PeerMessage message) {
    Pair latest = pair;
    boolean isPartner = latest != null && latest.contains(from) && latest.other(from).equals(to);
    if (!isPartner || message.call() > call || message.call() < 1) {
      throw new RefusedException(
          Reason.FORBIDDEN,
          "participant " + to + " and you have not agreed to direct call " + message.call());
    }
    Side side = side(from, message.call());
    if (side == null) {
      return false;
    }
    if (message.description() != null) {
      boolean offers = side == first;
      if (message.description().offer() != offers) {
        throw new RefusedException(
            Reason.FORBIDDEN, "description.type must be " + (offers ? "offer" : "answer"));
      }
      if (++side.descriptions > MOST_DESCRIPTIONS) {
        throw tooMany("description", MOST_DESCRIPTIONS);
      }
    }
    if (message.candidates().size() > MOST_CANDIDATES - side.candidates) {
      throw tooMany("candidates", MOST_CANDIDATES);
    }
    side.candidates += message.candidates().size();
    return true;
  }

  private static RefusedException tooMany(String field, int most) {
    return new RefusedException(
        Reason.TOO_MANY, field + ": a direct call takes " + most + " of each side");
  }

  /// Null unless it is one of those of the present call, and that is meant.
  private @Nullable Side side(ParticipantId who, long number) {
    if (state == State.ENDED || number != call || pair == null || !pair.contains(who)) {
      return null;
    }
    return pair.first().equals(who) ? first : second;
  }

  private boolean mayStart(Pair possible, long nowNanos) {
    if (lastEnd == null) {
      return true;
    }
    long pauseNanos = failures > 0 && isOfLatest(possible) ? failedPause() : PAUSE_NANOS;
    return nowNanos - endedNanos >= pauseNanos && nowNanos - aloneNanos >= PAUSE_NANOS;
  }

  private boolean isOfLatest(Pair other) {
    Pair latest = pair;
    return latest != null && (latest.contains(other.first()) || latest.contains(other.second()));
  }

  private long failedPause() {
    return FAILED_NANOS << Math.min(failures - 1, MOST_DOUBLINGS);
  }

  private Change start(Pair possible, long nowNanos) {
    if (!isOfLatest(possible)) {
      failures = 0;
    }
    pair = possible;
    call++;
    first = new Side();
    second = new Side();
    startedNanos = nowNanos;
    upNanos = NanoTime.NEVER;
    return change(State.STARTED, null);
  }

  private Change end(DirectEnd reason, long nowNanos) {
    boolean isProven = upNanos != NanoTime.NEVER && nowNanos - upNanos >= PROVEN_NANOS;
    if (isProven) {
      failures = 0;
    }
    failures += reason.isOfPath() ? 1 : 0;
    lastEnd = reason;
    endedNanos = nowNanos;
    return change(State.ENDED, reason);
  }

  private Change change(State next, @Nullable DirectEnd reason) {
    state = next;
    if (pair == null) {
      throw new IllegalStateException("a direct call without its two");
    }
    return new Change(pair, call, next, reason);
  }
}
