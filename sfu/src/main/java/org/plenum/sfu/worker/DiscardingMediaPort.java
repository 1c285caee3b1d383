package org.plenum.sfu.worker;

import org.plenum.ice.port.MediaPort;
import org.plenum.ice.port.MediaPortCounters;
import org.plenum.ice.port.ReceiveBatch;
import org.plenum.ice.port.SendBatch;

/// A port without a network, for the warm-up: nothing arrives, what is sent is gone.
final class DiscardingMediaPort implements MediaPort {
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
  public MediaPortCounters counters() {
    return counters;
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
  public void close() {}
}
