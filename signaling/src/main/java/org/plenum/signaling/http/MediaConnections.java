package org.plenum.signaling.http;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.port.ByteStream;
import org.plenum.ice.tcp.Framing;

/// Makes connections for what is no HTTP: by ALPN `stun.turn` (RFC 7443), or by the first byte.
final class MediaConnections extends AbstractConnectionFactory
    implements ConnectionFactory.Detecting {
  /// RFC 7443 §3.
  static final String TURN = "stun.turn";

  /// STUN requests and indications begin with 0 or 1; the length of a frame of ICE-TCP is up to
  /// 2048 bytes, so it begins with 0 to 8. TLS begins with 22, HTTP with a letter, 10 or 13.
  private static final int LAST_FIRST_BYTE = 8;

  private final Consumer<ByteStream> adopt;
  private final @Nullable Framing framing;

  /// @param framing null: the first bytes tell
  MediaConnections(Consumer<ByteStream> adopt, @Nullable Framing framing) {
    super(TURN);
    this.adopt = adopt;
    this.framing = framing;
  }

  /// Whether this is how media or TURN begins, and nothing else that comes to a web server's port.
  static boolean isMedia(byte first) {
    return first >= 0 && first <= LAST_FIRST_BYTE;
  }

  @Override
  public Detection detect(ByteBuffer begun) {
    if (!begun.hasRemaining()) {
      return Detection.NEED_MORE_BYTES;
    }
    return isMedia(begun.get(begun.position())) ? Detection.RECOGNIZED : Detection.NOT_RECOGNIZED;
  }

  @Override
  public Connection newConnection(Connector connector, EndPoint endPoint) {
    if (!(endPoint.getRemoteSocketAddress() instanceof InetSocketAddress remote)
        || !(endPoint.getLocalSocketAddress() instanceof InetSocketAddress local)) {
      throw new IllegalStateException("the connection is gone");
    }
    return configure(
        new MediaConnection(endPoint, connector.getExecutor(), adopt, remote, local, framing),
        connector,
        endPoint);
  }
}
