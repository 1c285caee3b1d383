package org.plenum.signaling.limit;

import java.util.HashMap;
import java.util.Map;

/// Counts what each address does: connections at a time, joins per second. An address stands
/// for what one host can choose from. Any thread.
public final class AddressLimits {
  /// Stands for clients that are not limited one by one, such as those on this host.
  public static final String EXEMPT = "";

  /// Addresses that are remembered for their joins; beyond, those that rest are forgotten, and if
  /// there are none, new ones must wait.
  static final int MOST_ADDRESSES = 100_000;

  private final int connections;
  private final int joinsPerSecond;
  private final Map<String, Integer> open = new HashMap<>();
  private final Map<String, TokenBucket> joins = new HashMap<>();

  public AddressLimits(int connections, int joinsPerSecond) {
    this.connections = connections;
    this.joinsPerSecond = joinsPerSecond;
  }

  /// Whether another connection may be open; [#closed] is due for each that was.
  public synchronized boolean tryOpen(String address) {
    if (address.equals(EXEMPT)) {
      return true;
    }
    int present = open.getOrDefault(address, 0);
    if (present >= connections) {
      return false;
    }
    open.put(address, present + 1);
    return true;
  }

  public synchronized void closed(String address) {
    open.computeIfPresent(address, (_, present) -> present == 1 ? null : present - 1);
  }

  /// Whether somebody may join now.
  public synchronized boolean tryJoin(String address, long nowNanos) {
    if (address.equals(EXEMPT)) {
      return true;
    }
    TokenBucket bucket = joins.get(address);
    if (bucket == null) {
      if (joins.size() >= MOST_ADDRESSES) {
        joins.values().removeIf(each -> each.isFull(nowNanos));
      }
      if (joins.size() >= MOST_ADDRESSES) {
        return false;
      }
      bucket = new TokenBucket(joinsPerSecond, nowNanos);
      joins.put(address, bucket);
    }
    return bucket.tryTake(nowNanos);
  }
}
