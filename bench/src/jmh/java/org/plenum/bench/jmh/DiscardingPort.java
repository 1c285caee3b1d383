package org.plenum.bench.jmh;

import org.plenum.ice.port.MediaPort;
import org.plenum.ice.port.MediaPortCounters;
import org.plenum.ice.port.ReceiveBatch;
import org.plenum.ice.port.SendBatch;

/// A port that takes everything and sends nothing.
final class DiscardingPort implements MediaPort {
  private final ReceiveBatch received = new ReceiveBatch();
  private final MediaPortCounters counters = new MediaPortCounters();

  @Override
  public int port() {
    return 0;
  }

  @Override
  public ReceiveBatch received() {
    return received;
  }

  @Override
  public void await(long timeoutNanos) {}

  @Override
  public void wakeUp() {}

  @Override
  public int receive() {
    return 0;
  }

  @Override
  public void flush(SendBatch batch) {
    for (int i = 0; i < batch.count(); i++) {
      batch.markSent(i);
    }
  }

  @Override
  public int receiveBufferBytes() {
    return 0;
  }

  @Override
  public int sendBufferBytes() {
    return 0;
  }

  @Override
  public MediaPortCounters counters() {
    return counters;
  }

  @Override
  public void close() {}
}
