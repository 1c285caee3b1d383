package org.plenum.ice.tcp;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.AddressPrefix;
import org.plenum.ice.NanoTime;

/// Which TCP connections may wait for their first frame, and for how long. Owned by one thread.
///
/// When too many wait, the one that has waited longest has to go: a client's first frame comes
/// within a round trip, so an attacker must be that quick to keep clients out.
///
/// @param <C> the connections, told apart by identity
public final class Admission<C> {
  /// Connections that may wait at a time.
  public static final int MAX_WAITING = 1_000;

  /// Of those, from one source prefix ([AddressPrefix]).
  public static final int MAX_PER_PREFIX = 20;

  /// How long after it was accepted a connection has to authenticate itself.
  public static final long AUTHENTICATE_NANOS = 5_000_000_000L;

  private final Map<C, Waiting> waiting = new LinkedHashMap<>(); // in the order of the deadlines
  private final Map<Long, Integer> perPrefix = new HashMap<>();

  private record Waiting(long prefix, long deadlineNanos) {}

  /// Lets a connection wait.
  ///
  /// @param remoteHigh where it comes from, as in [org.plenum.ice.NetworkPath]
  /// @return false if too many of its prefix are waiting: it must be closed
  public boolean admit(C connection, long remoteHigh, long remoteLow, long nowNanos) {
    long prefix = AddressPrefix.of(remoteHigh, remoteLow);
    int others = perPrefix.getOrDefault(prefix, 0);
    if (others >= MAX_PER_PREFIX) {
      return false;
    }
    perPrefix.put(prefix, others + 1);
    waiting.put(connection, new Waiting(prefix, NanoTime.after(nowNanos, AUTHENTICATE_NANOS)));
    return true;
  }

  /// The connection that must make room because too many wait, no longer waiting now; null if there
  /// is room.
  public @Nullable C surplus() {
    return waiting.size() > MAX_WAITING ? first() : null;
  }

  /// A connection whose time is over, no longer waiting now; null if there is none.
  public @Nullable C expired(long nowNanos) {
    return NanoTime.isDue(nextTimeoutNanos(), nowNanos) ? first() : null;
  }

  /// When [#expired] must be asked next; [NanoTime#NEVER] if nobody waits.
  public long nextTimeoutNanos() {
    return waiting.isEmpty() ? NanoTime.NEVER : waiting.values().iterator().next().deadlineNanos();
  }

  /// Ends a connection's wait.
  ///
  /// @return until when it has to authenticate itself
  public long remove(C connection) {
    Waiting gone = waiting.remove(connection);
    if (gone == null) {
      throw new IllegalStateException("not waiting: " + connection);
    }
    perPrefix.computeIfPresent(gone.prefix(), (_, count) -> count == 1 ? null : count - 1);
    return gone.deadlineNanos();
  }

  public int size() {
    return waiting.size();
  }

  private C first() {
    C oldest = waiting.keySet().iterator().next();
    remove(oldest);
    return oldest;
  }
}
