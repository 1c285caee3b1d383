package org.plenum.ice.port;

/// One UDP port, and the TCP connections whose clients named one of its transports: datagrams in
/// and out in batches. All methods but [#wakeUp] belong to one thread, the worker's.
///
/// A TCP connection is a path with a number ([org.plenum.ice.NetworkPath#connection]); its
/// datagrams are framed as RFC 4571 says. When it has closed, sending to its path fails. A
/// port without TCP does nothing when asked about connections.
///
/// A socket answers from the local address it was reached on (each datagram carries it,
/// [org.plenum.ice.NetworkPath]).
public interface MediaPort extends AutoCloseable {
  /// The bound UDP port number.
  int port();

  /// The receive batch that [#receive] fills; always the same object.
  ReceiveBatch received();

  /// Waits until a datagram is ready, [#wakeUp] is called, or the time is up.
  ///
  /// @param timeoutNanos the longest wait; 0 or less returns at once
  void await(long timeoutNanos);

  /// Makes the current [#await], or the next one, return at once. Any thread.
  void wakeUp();

  /// Reads what is ready, at most [ReceiveBatch#CAPACITY] datagrams, and never blocks. What
  /// was read before is overwritten.
  ///
  /// @return number of datagrams, 0 if none is ready
  int receive();

  /// From now on TCP connections whose first frame is a Binding request for this local ufrag come
  /// to this port; and those on which this name authenticates itself at our TURN server
  /// ([TurnDoor#user]).
  default void expect(String ufrag) {}

  /// No longer; connections that are there stay.
  default void forget(String ufrag) {}

  /// An authenticated request came over this TCP connection: it may stay without another one for 30
  /// s from now.
  ///
  /// @param connection number of one that may be closed by now
  default void confirm(int connection, long nowNanos) {}

  /// A client of our TURN server has a relay over this TCP connection: it may stay until then
  /// without another authenticated request.
  ///
  /// @param connection number of one that may be closed by now
  default void keep(int connection, long untilNanos) {}

  /// Whether this TCP connection is still open.
  default boolean isConnected(int connection) {
    return false;
  }

  /// Closes a TCP connection, dropping what waits to be sent.
  ///
  /// @param connection number of one that may be closed by now
  default void disconnect(int connection) {}

  /// Opens a UDP port more, for a relay: what is received at it, and sent by it, has its number,
  /// negated, for a connection ([org.plenum.ice.NetworkPath#isRelayPort]).
  ///
  /// @return false if the port cannot be had
  default boolean openRelay(int port) {
    return false;
  }

  /// Closes such a port; none of that number may be open.
  default void closeRelay(int port) {}

  /// Closes the TCP connections whose time is up; to be called at least once a second.
  default void onTimeout(long nowNanos) {}

  /// Sends all datagrams of the batch, in order, without blocking; marks each as sent or not
  /// ([SendBatch#wasSent]). A datagram that the kernel refuses is skipped and counted by
  /// errno; when the socket buffer is full, the rest is dropped. The caller clears the batch.
  void flush(SendBatch batch);

  /// Bytes the kernel granted for datagrams not yet read, of [MediaPorts#BUFFER_BYTES] asked; per
  /// socket.
  int receiveBufferBytes();

  /// Bytes the kernel granted for datagrams not yet sent, of [MediaPorts#BUFFER_BYTES] asked; per
  /// socket.
  int sendBufferBytes();

  /// What happened at this port since it was opened.
  MediaPortCounters counters();

  /// Closes the port: afterwards nothing is received or sent, and [#await] returns at once. By the
  /// owner; a second time has no effect.
  @Override
  void close();
}
