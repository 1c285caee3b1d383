package org.plenum.signaling.http;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.DetectorConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.AddressText;
import org.plenum.signaling.config.ServerConfig;

/// One Jetty with one port; requests and messages are handled on virtual threads.
final class JettyServer implements AutoCloseable {
  /// For the selector and the acceptor; what blocks runs on virtual threads.
  private static final int MAX_THREADS = 16;

  private static final int MIN_THREADS = 4;

  private static final int MAX_CONNECTIONS = 20_000;

  /// A token has up to 8 KiB, and proxies add their own.
  static final int MAX_HEADER_BYTES = 16 * 1024;

  /// Of one HTTP/2 connection at a time.
  private static final int MAX_STREAMS = 100;

  /// For HTTP; WebSockets bring their own.
  private static final long IDLE_MILLIS = 30_000;

  private final Server server;
  private final ServerConnector connector;
  private final ServerConfig.Listener listener;

  /// @param certificate for HTTPS with HTTP/2; null: plain HTTP/1.1
  JettyServer(
      String name,
      ServerConfig.Listener listener,
      @Nullable Certificate certificate,
      ConnectionGuard guard) {
    this(name, listener, certificate, guard, new Most(MAX_CONNECTIONS, () -> {}));
  }

  /// How many connections there may be; beyond, nothing is accepted until one ends.
  ///
  /// @param onReached called each time that there are so many
  record Most(int connections, Runnable onReached) {}

  /// @param certificate for HTTPS with HTTP/2; null: plain HTTP/1.1
  JettyServer(
      String name,
      ServerConfig.Listener listener,
      @Nullable Certificate certificate,
      ConnectionGuard guard,
      Most most) {
    this.listener = listener;
    QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, MIN_THREADS);
    threads.setName(name);
    threads.setVirtualThreadsExecutor(VirtualThreads.getNamedVirtualThreadsExecutor(name + "-"));
    server = new Server(threads);
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setSendDateHeader(false);
    http.setRequestHeaderSize(MAX_HEADER_BYTES);
    connector = new ServerConnector(server, 1, 1, connections(http, certificate));
    connector.setHost(listener.host());
    connector.setPort(listener.port());
    connector.setIdleTimeout(IDLE_MILLIS);
    connector.addBean(guard);
    server.addConnector(connector);
    server.addBean(
        new NetworkConnectionLimit(most.connections(), connector) {
          @Override
          protected void limit() {
            super.limit();
            most.onReached().run();
          }
        });
    server.setStopTimeout(0);
  }

  /// WebSockets stay on HTTP/1.1, where each has a connection of its own.
  private static ConnectionFactory[] connections(
      HttpConfiguration http, @Nullable Certificate certificate) {
    if (certificate == null) {
      return new ConnectionFactory[] {new HttpConnectionFactory(http)};
    }
    HttpConfiguration secure = new HttpConfiguration(http);
    secure.addCustomizer(new SecureRequestCustomizer(false));
    HTTP2ServerConnectionFactory http2 = new HTTP2ServerConnectionFactory(secure);
    http2.setConnectProtocolEnabled(false);
    http2.setMaxConcurrentStreams(MAX_STREAMS);
    ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
    alpn.setDefaultProtocol("http/1.1");
    // In the order in which ALPN prefers them.
    return new ConnectionFactory[] {
      new TlsOrPlain(new SslConnectionFactory(certificate.context(), alpn.getProtocol())),
      alpn,
      http2,
      new HttpConnectionFactory(secure)
    };
  }

  /// Whoever begins without TLS gets HTTP/1.1, and from there an answer that says so.
  private static final class TlsOrPlain extends DetectorConnectionFactory {
    TlsOrPlain(SslConnectionFactory tls) {
      super(tls);
    }

    @Override
    protected void nextProtocol(Connector connector, EndPoint endPoint, ByteBuffer begun) {
      upgradeToConnectionFactory(
          connector.getConnectionFactory(HttpConnectionFactory.class), connector, endPoint);
    }
  }

  Server server() {
    return server;
  }

  /// Throws IllegalStateException with one sentence if the port cannot be bound.
  /// @param errors answers what `handler` does not get to see
  void start(Handler handler, ErrorPages errors) {
    server.setErrorHandler(errors);
    server.setHandler(handler);
    try {
      server.start();
    } catch (Exception e) {
      close();
      throw new IllegalStateException(sentence(e), e);
    }
  }

  int port() {
    return connector.getLocalPort();
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the HTTP server did not stop", e);
    }
  }

  private String sentence(Exception failure) {
    String address =
        AddressText.of(
            new InetSocketAddress(InetAddress.ofLiteral(listener.host()), listener.port()));
    if (failure instanceof BindException || failure.getCause() instanceof BindException) {
      return "TCP port " + address + " is in use or not allowed";
    }
    return failure instanceof IOException
        ? "cannot listen on " + address + ": " + failure.getMessage()
        : "the HTTP server on " + address + " did not start: " + failure;
  }
}
