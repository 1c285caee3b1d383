package org.plenum.signaling.whip;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The sessions that came by HTTP, by their ids; bounded. Any thread.
final class WhipSessions {
  /// More than one machine can serve; PROTOCOL.md promises it.
  static final int CAPACITY = 10_000;

  private final ConcurrentMap<String, WhipSession> byId = new ConcurrentHashMap<>();
  private final AtomicInteger total = new AtomicInteger();
  private final AtomicInteger[] counts = {new AtomicInteger(), new AtomicInteger()};

  /// Throws WhipRefusal if there are too many.
  void add(WhipSession session) {
    if (total.incrementAndGet() > CAPACITY) {
      total.decrementAndGet();
      throw WhipRefusal.tryLater("the server has " + CAPACITY + " sessions of WHIP and WHEP");
    }
    byId.put(session.id(), session);
    counts[session.protocol().ordinal()].incrementAndGet();
  }

  /// @return whether it was still there
  boolean remove(WhipSession session) {
    boolean present = byId.remove(session.id(), session);
    if (present) {
      total.decrementAndGet();
      counts[session.protocol().ordinal()].decrementAndGet();
    }
    return present;
  }

  /// The session that a path names, or null.
  @Nullable WhipSession find(WhipPath path) {
    WhipSession session = path.session() == null ? null : byId.get(path.session());
    return session != null && session.isAt(path) ? session : null;
  }

  int count(WhipProtocol protocol) {
    return counts[protocol.ordinal()].get();
  }
}
