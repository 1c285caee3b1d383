package org.plenum.sfu.dtls;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/// Counts of handshakes, any thread. Each one started ends as exactly one of completed, failed or
/// abandoned.
public final class DtlsCounters {
  private final LongAdder started = new LongAdder();
  private final LongAdder completed = new LongAdder();
  private final LongAdder abandoned = new LongAdder();
  private final LongAdder droppedDatagrams = new LongAdder();
  private final LongAdder unexpectedDatagrams = new LongAdder();
  private final Map<DtlsFailure, LongAdder> failed = new EnumMap<>(DtlsFailure.class);

  public DtlsCounters() {
    for (DtlsFailure reason : DtlsFailure.values()) {
      failed.put(reason, new LongAdder());
    }
  }

  public long started() {
    return started.sum();
  }

  public long completed() {
    return completed.sum();
  }

  public long failed(DtlsFailure reason) {
    return ofReason(reason).sum();
  }

  /// Handshakes that either side closed before they were complete.
  public long abandoned() {
    return abandoned.sum();
  }

  /// Datagrams dropped because a session did not read them in time.
  public long droppedDatagrams() {
    return droppedDatagrams.sum();
  }

  /// Datagrams dropped because they came before a ClientHello or after the end of the session.
  public long unexpectedDatagrams() {
    return unexpectedDatagrams.sum();
  }

  void onStarted() {
    started.increment();
  }

  void onCompleted() {
    completed.increment();
  }

  void onAbandoned() {
    abandoned.increment();
  }

  void onFailed(DtlsFailure reason) {
    ofReason(reason).increment();
  }

  void onDroppedDatagram() {
    droppedDatagrams.increment();
  }

  void onUnexpectedDatagram() {
    unexpectedDatagrams.increment();
  }

  private LongAdder ofReason(DtlsFailure reason) {
    LongAdder adder = failed.get(reason);
    if (adder == null) {
      throw new IllegalStateException("no counter for " + reason);
    }
    return adder;
  }
}
