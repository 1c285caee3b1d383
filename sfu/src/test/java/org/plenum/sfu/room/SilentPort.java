package org.plenum.sfu.room;

import org.plenum.ice.port.MediaPort;
import org.plenum.ice.port.MediaPortCounters;
import org.plenum.ice.port.ReceiveBatch;
import org.plenum.ice.port.SendBatch;

/// A media port on which nothing comes and from which nothing goes.
public final class SilentPort implements MediaPort {
  private final ReceiveBatch batch = new ReceiveBatch();
  private final MediaPortCounters counters = new MediaPortCounters();

  @Override
  public int port() {
    return 10_000;
  }

  @Override
  public ReceiveBatch received() {
    return batch;
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
  public void flush(SendBatch sent) {}

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
