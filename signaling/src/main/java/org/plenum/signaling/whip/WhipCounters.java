package org.plenum.signaling.whip;

import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

/// Requests by protocol and status; any thread.
public final class WhipCounters {
  private static final int STATUSES = WhipStatus.values().length;

  private final LongAdder[] values = new LongAdder[WhipProtocol.values().length * STATUSES];

  WhipCounters() {
    Arrays.setAll(values, _ -> new LongAdder());
  }

  void count(WhipProtocol protocol, WhipStatus status) {
    values[index(protocol, status)].increment();
  }

  public long requests(WhipProtocol protocol, WhipStatus status) {
    return values[index(protocol, status)].sum();
  }

  private static int index(WhipProtocol protocol, WhipStatus status) {
    return protocol.ordinal() * STATUSES + status.ordinal();
  }
}
