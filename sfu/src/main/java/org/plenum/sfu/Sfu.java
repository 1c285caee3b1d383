package org.plenum.sfu;

/// The SFU: workers with their ports, a certificate, self-tested crypto. Any thread.
public final class Sfu implements AutoCloseable {
  private Sfu() {}

  /// Binds the ports, makes the certificate, tests the crypto. Throws IllegalStateException with
  /// what is wrong, e.g. a port in use.
  public static Sfu start(SfuConfig config) {
    throw new UnsupportedOperationException();
  }

  /// Opens a room on the least loaded worker. `onClosed` is called once, on the worker's thread,
  /// when the room has closed for whatever reason.
  public RoomHandle openRoom(
      RoomId id, RoomSettings settings, java.util.function.Consumer<RoomId> onClosed) {
    throw new UnsupportedOperationException();
  }

  /// The counters of all workers, for metrics.
  public SfuCounters counters() {
    throw new UnsupportedOperationException();
  }

  /// The bound UDP ports, a worker each.
  public java.util.List<Integer> ports() {
    throw new UnsupportedOperationException();
  }

  /// Closes all rooms and ports; idempotent.
  @Override
  public void close() {}
}
