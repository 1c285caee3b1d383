package org.plenum.ice.turn;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.plenum.ice.port.MediaPort;
import org.plenum.ice.port.MediaPortCounters;
import org.plenum.ice.port.ReceiveBatch;
import org.plenum.ice.port.SendBatch;

/// What a TURN server asks of a media port: which TCP connections there are.
final class TurnPort implements MediaPort {
  final Set<Integer> connected = new HashSet<>();
  final Set<String> expected = new HashSet<>();
  final Set<Integer> relays = new HashSet<>();
  final Set<Integer> heldByOthers = new HashSet<>();
  final List<Long> keptUntil = new ArrayList<>();
  private final ReceiveBatch batch = new ReceiveBatch();
  private final MediaPortCounters counters = new MediaPortCounters();

  @Override
  public void expect(String name) {
    expected.add(name);
  }

  @Override
  public void forget(String name) {
    expected.remove(name);
  }

  @Override
  public void keep(int connection, long untilNanos) {
    if (connected.contains(connection)) {
      keptUntil.add(untilNanos);
    }
  }

  @Override
  public boolean isConnected(int connection) {
    return connected.contains(connection);
  }

  @Override
  public void disconnect(int connection) {
    connected.remove(connection);
  }

  @Override
  public boolean openRelay(int port) {
    return !heldByOthers.contains(port) && relays.add(port);
  }

  @Override
  public void closeRelay(int port) {
    relays.remove(port);
  }

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
