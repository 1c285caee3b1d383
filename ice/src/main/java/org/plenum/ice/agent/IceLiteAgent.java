package org.plenum.ice.agent;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NetworkPath;

/// The ICE side of one transport: ICE-lite (RFC 8445 §2.5, §7.3, §8.2), so it answers checks and
/// sends none. No
/// socket, thread or clock of its own; owned by one worker thread.
///
/// Media goes to the path of the latest authenticated request with USE-CANDIDATE; before any, to
/// that of the latest
/// authenticated request. So a client that changes network is followed.
public final class IceLiteAgent {
  /// Without an authenticated request for this long a transport is lost.
  public static final long LOST_AFTER_NANOS = 10_000_000_000L;

  /// Without an authenticated request for this long a transport is closed.
  public static final long CLOSED_AFTER_NANOS = 30_000_000_000L;

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

  /// @param local our credentials
  public IceLiteAgent(IceCredentials local, long nowNanos) {
    throw new UnsupportedOperationException();
  }

  public IceCredentials localCredentials() {
    throw new UnsupportedOperationException();
  }

  /// ICE restart (RFC 8445 §9): from now on requests must carry the new local credentials; those of
  /// the old ones are
  /// still answered (so that the old path carries media) until the first request with the new ones
  /// arrives.
  public void restart(IceCredentials local, long nowNanos) {
    throw new UnsupportedOperationException();
  }

  /// The peer's credentials. Only the ufrag matters to a lite agent: USERNAME must be
  /// "local:remote".
  public void remoteCredentials(IceCredentials remote) {
    throw new UnsupportedOperationException();
  }

  /// Handles one STUN datagram that came over `path`.
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
    throw new UnsupportedOperationException();
  }

  /// Where media goes; null before the first authenticated request.
  public @Nullable NetworkPath selectedPath() {
    throw new UnsupportedOperationException();
  }

  /// Whether an authenticated request came over this path (the last [#MAX_VALIDATED_PATHS] of them
  /// are remembered).
  /// DTLS and media are accepted from such paths only.
  public boolean isValidated(NetworkPath path) {
    throw new UnsupportedOperationException();
  }

  /// Validated paths remembered per agent; the oldest but the selected one makes room.
  public static final int MAX_VALIDATED_PATHS = 16;

  public State state() {
    throw new UnsupportedOperationException();
  }

  /// Monotonic nanoseconds of the latest authenticated request (of creation, before the first).
  public long lastAuthenticatedNanos() {
    throw new UnsupportedOperationException();
  }

  /// Does what is due: CONNECTED to LOST, any to CLOSED.
  public void onTimeout(long nowNanos) {
    throw new UnsupportedOperationException();
  }

  /// When [#onTimeout] must run next; [org.plenum.ice.NanoTime#NEVER] once closed.
  public long nextTimeoutNanos() {
    throw new UnsupportedOperationException();
  }
}
