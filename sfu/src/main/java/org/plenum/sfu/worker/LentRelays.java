package org.plenum.sfu.worker;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.plenum.ice.NanoTime;
import org.plenum.ice.turn.TurnServer;

/// Who may have relays for a moment without being in a room, to see which ways lead here. Worker's
/// thread only.
final class LentRelays {
  /// Longer than a client waits for an answer by each way.
  static final long LENT_NANOS = 30_000_000_000L;

  /// Beyond, whoever has them longest has to give them back.
  static final int MAX = 256;

  private final TurnServer turn;

  /// Until when, by identity, in the order of the times.
  private final Map<String, Long> lent = new LinkedHashMap<>();

  LentRelays(TurnServer turn) {
    this.turn = turn;
  }

  /// @param identity of nobody else, now or later
  void lend(String identity, long nowNanos) {
    lent.put(identity, NanoTime.after(nowNanos, LENT_NANOS));
    turn.admit(identity);
    if (lent.size() > MAX) {
      revokeFirst();
    }
  }

  void onTimeout(long nowNanos) {
    while (!lent.isEmpty() && NanoTime.isDue(lent.values().iterator().next(), nowNanos)) {
      revokeFirst();
    }
  }

  private void revokeFirst() {
    Iterator<String> first = lent.keySet().iterator();
    turn.revoke(first.next());
    first.remove();
  }
}
