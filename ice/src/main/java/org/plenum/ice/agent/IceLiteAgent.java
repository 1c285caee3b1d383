package org.plenum.ice.agent;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.ice4j.StunException;
import org.ice4j.attribute.Attribute;
import org.ice4j.message.Message;
import org.ice4j.message.Request;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NanoTime;
import org.plenum.ice.NetworkPath;

/// The ICE side of one transport: ICE-lite (RFC 8445 §2.5, §7.3, §8.2), so it answers checks and
/// sends none. No socket, thread or clock of its own; owned by one worker thread.
///
/// Media goes to the path of the latest authenticated request with USE-CANDIDATE; before any, to
/// that of the latest authenticated request. So a client that changes network is followed.
///
/// A request without the right MESSAGE-INTEGRITY is not answered at all, where RFC 8489 §9.1.3
/// would have a 400 or 401: whoever has no password must not learn that somebody listens, nor
/// have datagrams sent to a forged address. Nothing is learnt from a request that is answered
/// with an error.
public final class IceLiteAgent {
  /// Without a sign of the peer, an authenticated request or media, for this long a transport is
  /// lost.
  public static final long LOST_AFTER_NANOS = 10_000_000_000L;

  /// Without a sign of the peer for this long a transport is closed.
  public static final long CLOSED_AFTER_NANOS = 30_000_000_000L;

  /// Validated paths remembered per agent; the oldest but the selected one makes room.
  public static final int MAX_VALIDATED_PATHS = 16;

  /// Longer messages are MALFORMED: no Binding request is, and the work for one stays bounded.
  public static final int MAX_MESSAGE_BYTES = 2048;

  /// The life of the ICE side.
  public enum State {
    /// No authenticated request yet.
    NEW,
    CONNECTED,
    /// None for [#LOST_AFTER_NANOS]; media is still sent.
    LOST,
    /// None for [#CLOSED_AFTER_NANOS] (counted from creation if there never was one): final.
    CLOSED
  }

  private final ValidatedPaths validated = new ValidatedPaths();
  private LocalCredentials current;
  private @Nullable LocalCredentials previous;
  private @Nullable NetworkPath selected;
  private boolean nominated;
  private State state = State.NEW;
  private long lastAuthenticatedNanos;

  /// When the wait for CLOSED began: the latest sign of the peer or restart.
  private long lastSignNanos;

  /// @param local our credentials
  public IceLiteAgent(IceCredentials local, long nowNanos) {
    current = new LocalCredentials(local);
    lastAuthenticatedNanos = nowNanos;
    lastSignNanos = nowNanos;
  }

  public IceCredentials localCredentials() {
    return current.local();
  }

  /// The local ufrags that requests are answered for: the present one, and during a restart the one
  /// whose path carries media.
  public List<String> localUfrags() {
    return previous == null
        ? List.of(current.local().ufrag())
        : List.of(current.local().ufrag(), previous.local().ufrag());
  }

  /// ICE restart (RFC 8445 §9): from now on requests must carry the new local credentials;
  /// those of the old ones are still answered (so that the old path carries media) until the
  /// first request with the new ones arrives. Media stays on the selected path until the peer
  /// nominates again.
  ///
  /// The peer asked for it over signaling, so the wait for CLOSED starts over. A closed agent
  /// stays closed. Give the peer's new credentials to [#remoteCredentials] afterwards.
  public void restart(IceCredentials local, long nowNanos) {
    if (previous
        == null) { // else the generation in between was never used: keep the one that carries media
      previous = current;
    }
    current = new LocalCredentials(local);
    lastSignNanos = nowNanos;
  }

  /// The peer's credentials, for the local ones of now. Only the ufrag matters to a lite
  /// agent: USERNAME must be "local:remote".
  public void remoteCredentials(IceCredentials remote) {
    current.remoteUfrag(remote.ufrag());
  }

  /// Handles one STUN datagram that came over `path`. A closed agent ignores all of them.
  ///
  /// @param bytes the slab
  /// @param offset where the datagram starts
  /// @param length its bytes
  public StunVerdict onStun(
      MemorySegment bytes,
      long offset,
      int length,
      NetworkPath path,
      long nowNanos,
      StunResponder out) {
    if (length > MAX_MESSAGE_BYTES || !StunFraming.isWellFormed(bytes, offset, length)) {
      return StunVerdict.MALFORMED;
    }
    byte[] message = bytes.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
    MemorySegment copy = MemorySegment.ofArray(message);
    if (!StunIntegrity.hasGoodFingerprint(message, length)) {
      return StunVerdict.MALFORMED;
    }
    if (state == State.CLOSED || StunFraming.type(copy, 0) != Message.BINDING_REQUEST) {
      return StunVerdict.IGNORED;
    }
    LocalCredentials credentials = authenticate(message, copy);
    if (credentials == null) {
      return StunVerdict.UNAUTHENTICATED;
    }
    Request request = decode(message);
    if (request == null) {
      return StunVerdict.MALFORMED;
    }
    return answer(request, credentials, path, nowNanos, out);
  }

  /// The credentials that a request's USERNAME names and its MESSAGE-INTEGRITY proves; null if
  /// there are none.
  private @Nullable LocalCredentials authenticate(byte[] message, MemorySegment copy) {
    int username = StunFraming.find(copy, 0, message.length, Attribute.USERNAME);
    int integrity = StunFraming.find(copy, 0, message.length, Attribute.MESSAGE_INTEGRITY);
    // What follows MESSAGE-INTEGRITY is not covered by it (RFC 8489 §14.5).
    if (username < 0
        || integrity < username
        || StunFraming.valueLength(copy, 0, integrity) != StunIntegrity.INTEGRITY_BYTES) {
      return null;
    }
    int nameAt = username + StunFraming.ATTRIBUTE_HEADER_BYTES;
    int nameLength = StunFraming.valueLength(copy, 0, username);
    LocalCredentials named =
        current.areNamedBy(message, nameAt, nameLength)
            ? current
            : previous != null && previous.areNamedBy(message, nameAt, nameLength)
                ? previous
                : null;
    return named != null && named.integrity().verify(message, integrity) ? named : null;
  }

  /// Null if an attribute's value is nonsense to ice4j, which throws several kinds of exceptions.
  private static @Nullable Request decode(byte[] message) {
    try {
      return (Request) Message.decode(message, 0, message.length);
    } catch (StunException | RuntimeException e) {
      return null;
    }
  }

  private StunVerdict answer(
      Request request,
      LocalCredentials credentials,
      NetworkPath path,
      long nowNanos,
      StunResponder out) {
    StunIntegrity integrity = credentials.integrity();
    char[] unknown = UnderstoodAttributes.unknownIn(request);
    if (unknown.length > 0) {
      out.respond(StunResponses.unknownAttributes(request, unknown, integrity), path);
      return StunVerdict.ANSWERED_WITH_ERROR;
    }
    if (request.containsAttribute(Attribute.ICE_CONTROLLED)) {
      out.respond(StunResponses.roleConflict(request, integrity), path);
      return StunVerdict.ANSWERED_WITH_ERROR;
    }
    learn(credentials, path, request.containsAttribute(Attribute.USE_CANDIDATE), nowNanos);
    out.respond(StunResponses.success(request, path, integrity), path);
    return StunVerdict.ANSWERED;
  }

  private void learn(
      LocalCredentials credentials, NetworkPath path, boolean useCandidate, long nowNanos) {
    if (credentials == current) {
      previous = null;
    }
    lastAuthenticatedNanos = nowNanos;
    lastSignNanos = nowNanos;
    state = State.CONNECTED;
    NetworkPath known = validated.touch(path, selected);
    if (useCandidate || !nominated) {
      selected = known;
      nominated |= useCandidate;
    }
  }

  /// Where media goes; null before the first authenticated request.
  public @Nullable NetworkPath selectedPath() {
    return selected;
  }

  /// Whether an authenticated request came over this path (the last [#MAX_VALIDATED_PATHS] of them
  /// are remembered). DTLS and media are accepted from such paths only.
  public boolean isValidated(NetworkPath path) {
    return validated.contains(path);
  }

  public State state() {
    return state;
  }

  /// Monotonic nanoseconds of the latest sign of the peer, an authenticated request or media (of
  /// creation, before the first).
  public long lastAuthenticatedNanos() {
    return lastAuthenticatedNanos;
  }

  /// The peer lives, whether or not it checks for consent (RFC 7675): it sends media that is
  /// authentic. An older libnice keeps its path up by Binding indications alone (RFC 8445 §11),
  /// which nobody can authenticate. A connected or lost agent only.
  ///
  /// @param latestNanos when the latest of its media came
  public void onMedia(long latestNanos) {
    boolean isNews = latestNanos - lastAuthenticatedNanos > 0;
    if (isNews && (state == State.CONNECTED || state == State.LOST)) {
      lastAuthenticatedNanos = latestNanos;
      lastSignNanos = latestNanos - lastSignNanos > 0 ? latestNanos : lastSignNanos;
      state = State.CONNECTED;
    }
  }

  /// Does what is due: CONNECTED to LOST, any to CLOSED.
  public void onTimeout(long nowNanos) {
    if (state == State.CLOSED) {
      return;
    }
    if (NanoTime.isDue(closedAtNanos(), nowNanos)) {
      state = State.CLOSED;
    } else if (state == State.CONNECTED && NanoTime.isDue(lostAtNanos(), nowNanos)) {
      state = State.LOST;
    }
  }

  /// When [#onTimeout] must run next; [org.plenum.ice.NanoTime#NEVER] once closed.
  public long nextTimeoutNanos() {
    return switch (state) {
      case NEW, LOST -> closedAtNanos();
      case CONNECTED -> lostAtNanos();
      case CLOSED -> NanoTime.NEVER;
    };
  }

  private long lostAtNanos() {
    return NanoTime.after(lastAuthenticatedNanos, LOST_AFTER_NANOS);
  }

  private long closedAtNanos() {
    return NanoTime.after(lastSignNanos, CLOSED_AFTER_NANOS);
  }
}
