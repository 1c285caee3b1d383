package org.plenum.signaling.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.websocket.core.WebSocketConnection;
import org.plenum.signaling.limit.AddressLimits;
import org.plenum.signaling.session.Timers;

/// Watches TCP connections: closes those of which an address has too many, and those that take more
/// than 15 s to say what they want, however they dribble (slowloris). Any thread.
final class ConnectionGuard implements Connection.Listener {
  /// A request's headers must come within this; idle connections have their own time-out.
  static final long STALL_NANOS = 15_000_000_000L;

  private final AddressLimits limits;
  private final Function<InetAddress, String> group;
  private final Timers timers;
  private final Runnable onRefused;

  /// By TCP connection, whatever protocols follow one another on it.
  private final Map<EndPoint, String> open = new ConcurrentHashMap<>();

  /// @param group what is limited together; [AddressLimits#EXEMPT] for who is not
  ConnectionGuard(
      AddressLimits limits,
      Function<InetAddress, String> group,
      Timers timers,
      Runnable onRefused) {
    this.limits = limits;
    this.group = group;
    this.timers = timers;
    this.onRefused = onRefused;
  }

  @Override
  public void onOpened(Connection connection) {
    EndPoint endPoint = lowest(connection.getEndPoint());
    if (open.containsKey(endPoint)) {
      watch(connection, 0, 0);
      return;
    }
    String address =
        endPoint.getRemoteSocketAddress() instanceof InetSocketAddress remote
            ? group.apply(remote.getAddress())
            : AddressLimits.EXEMPT;
    if (!limits.tryOpen(address)) {
      onRefused.run();
      connection.close();
      return;
    }
    open.put(endPoint, address);
    watch(connection, 0, 0);
  }

  @Override
  public void onClosed(Connection connection) {
    EndPoint endPoint = lowest(connection.getEndPoint());
    if (endPoint.isOpen()) {
      return; // another protocol takes over
    }
    String address = open.remove(endPoint);
    if (address != null) {
      limits.closed(address);
    }
  }

  /// Looks again later: bytes and no whole request since are a stall.
  private void watch(Connection connection, long messages, long bytes) {
    if (connection instanceof SslConnection) {
      return; // what is inside is watched
    }
    timers.after(STALL_NANOS, () -> check(connection, messages, bytes));
  }

  private void check(Connection connection, long messages, long bytes) {
    EndPoint endPoint = connection.getEndPoint();
    if (!endPoint.isOpen()
        || endPoint.getConnection() != connection
        || connection instanceof WebSocketConnection) {
      return;
    }
    long messagesNow = connection.getMessagesIn();
    long bytesNow = connection.getBytesIn();
    // What only finds out who is to take over, by ALPN or by the first bytes, counts no messages.
    boolean isStalled =
        messagesNow < 0 || (messagesNow == messages && (messagesNow == 0 || bytesNow != bytes));
    if (isStalled) {
      onRefused.run();
      endPoint.close();
    } else if (!(connection instanceof HTTP2Connection)) {
      watch(connection, messagesNow, bytesNow);
    }
  }

  /// The TCP end below TLS.
  private static EndPoint lowest(EndPoint endPoint) {
    return endPoint instanceof EndPoint.Wrapper wrapper ? lowest(wrapper.unwrap()) : endPoint;
  }
}
