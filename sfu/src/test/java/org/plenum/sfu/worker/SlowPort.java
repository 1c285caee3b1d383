package org.plenum.sfu.worker;

import org.plenum.ice.port.MediaPort;
import org.plenum.ice.port.MediaPortCounters;
import org.plenum.ice.port.ReceiveBatch;
import org.plenum.ice.port.SendBatch;

/// A port at which each datagram that is sent takes the worker's thread some time, as on a machine
/// that can do no more.
final class SlowPort implements MediaPort {
  private final MediaPort port;
  private volatile long costNanos;

  SlowPort(MediaPort port) {
    this.port = port;
  }

  /// What sending a datagram takes from now on, beside what it takes anyway.
  void cost(long nanos) {
    costNanos = nanos;
  }

  @Override
  public void flush(SendBatch batch) {
    long until = System.nanoTime() + batch.count() * costNanos;
    port.flush(batch);
    while (System.nanoTime() - until < 0) {
      Thread.onSpinWait();
    }
  }

  @Override
  public int port() {
    return port.port();
  }

  @Override
  public ReceiveBatch received() {
    return port.received();
  }

  @Override
  public void await(long timeoutNanos) {
    port.await(timeoutNanos);
  }

  @Override
  public void wakeUp() {
    port.wakeUp();
  }

  @Override
  public int receive() {
    return port.receive();
  }

  @Override
  public int receiveBufferBytes() {
    return port.receiveBufferBytes();
  }

  @Override
  public int sendBufferBytes() {
    return port.sendBufferBytes();
  }

  @Override
  public MediaPortCounters counters() {
    return port.counters();
  }

  @Override
  public void close() {
    port.close();
  }
}
