package org.plenum.signaling.http;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
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
import org.plenum.ice.port.ByteStream;
import org.plenum.ice.tcp.Framing;
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
  private final @Nullable ServerConnector relays;
  private final ServerConfig.Listener listener;

  /// @param certificate for HTTPS with HTTP/2; null: plain HTTP/1.1
  JettyServer(
      String name,
      ServerConfig.Listener listener,
      @Nullable Certificate certificate,
      ConnectionGuard guard) {
    this(name, listener, certificate, guard, new Most(MAX_CONNECTIONS, () -> {}), null);
  }

  /// How many connections there may be; beyond, nothing is accepted until one ends.
  ///
  /// @param onReached called each time that there are so many
  record Most(int connections, Runnable onReached) {}

  /// Where what is no HTTP goes.
  ///
  /// @param onePort whether it comes to the port of HTTP
  /// @param relayPort port for TURN over TLS, 0 for any free one; null: none of its own
  record Media(Consumer<ByteStream> adopt, boolean onePort, @Nullable Integer relayPort) {}

  /// @param certificate for HTTPS with HTTP/2; null: plain HTTP/1.1
  /// @param media null: all is HTTP
  JettyServer(
      String name,
      ServerConfig.Listener listener,
      @Nullable Certificate certificate,
      ConnectionGuard guard,
      Most most,
      @Nullable Media media) {
    this.listener = listener;
    QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, MIN_THREADS);
    threads.setName(name);
    threads.setVirtualThreadsExecutor(VirtualThreads.getNamedVirtualThreadsExecutor(name + "-"));
    server = new Server(threads);
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setSendDateHeader(false);
    http.setRequestHeaderSize(MAX_HEADER_BYTES);
    connector = open(listener.port(), guard, connections(http, certificate, media));
    Integer relayPort = media == null ? null : media.relayPort();
    relays =
        certificate == null || media == null || relayPort == null
            ? null
            : open(relayPort, guard, relayed(certificate, media));
    server.addBean(
        new NetworkConnectionLimit(most.connections(), server.getConnectors()) {
          @Override
          protected void limit() {
            super.limit();
            most.onReached().run();
          }
        });
    server.setStopTimeout(0);
  }

  private ServerConnector open(int port, ConnectionGuard guard, ConnectionFactory... factories) {
    ServerConnector opened = new ServerConnector(server, 1, 1, factories);
    opened.setHost(listener.host());
    opened.setPort(port);
    opened.setIdleTimeout(IDLE_MILLIS);
    opened.addBean(guard);
    server.addConnector(opened);
    return opened;
  }

  /// WebSockets stay on HTTP/1.1, where each has a connection of its own.
  private static ConnectionFactory[] connections(
      HttpConfiguration http, @Nullable Certificate certificate, @Nullable Media media) {
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
    HttpConnectionFactory http1 = new HttpConnectionFactory(secure);
    SslConnectionFactory tls = new SslConnectionFactory(certificate.context(), alpn.getProtocol());
    // In the order in which ALPN prefers them.
    if (media == null || !media.onePort()) {
      return new ConnectionFactory[] {
        new FirstBytes("", http1, tls), alpn, http2, http1,
      };
    }
    var turn = new MediaConnections(media.adopt(), Framing.STUN);
    return new ConnectionFactory[] {
      new FirstBytes("", http1, tls, new MediaConnections(media.adopt(), null)),
      alpn,
      http2,
      new FirstBytes(http1.getProtocol(), http1, turn),
      turn,
    };
  }

  /// TURN over TLS alone (RFC 8656 §3.1).
  private static ConnectionFactory[] relayed(Certificate certificate, Media media) {
    var turn = new MediaConnections(media.adopt(), Framing.STUN);
    ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory(turn.getProtocol());
    alpn.setDefaultProtocol(turn.getProtocol());
    return new ConnectionFactory[] {
      new SslConnectionFactory(certificate.context(), alpn.getProtocol()), alpn, turn
    };
  }

  /// Whoever begins with none of the protocols that are looked for gets HTTP/1.1: without TLS an
  /// answer that says so.
  private static final class FirstBytes extends DetectorConnectionFactory {
    private final String protocol;
    private final HttpConnectionFactory otherwise;

    /// @param protocol in place of which this stands for ALPN; empty for none
    FirstBytes(String protocol, HttpConnectionFactory otherwise, Detecting... lookedFor) {
      super(lookedFor);
      this.protocol = protocol;
      this.otherwise = otherwise;
    }

    @Override
    public String getProtocol() {
      return protocol.isEmpty() ? super.getProtocol() : protocol;
    }

    @Override
    public List<String> getProtocols() {
      return protocol.isEmpty() ? super.getProtocols() : List.of(protocol);
    }

    @Override
    protected void nextProtocol(Connector connector, EndPoint endPoint, ByteBuffer begun) {
      upgradeToConnectionFactory(otherwise, connector, endPoint);
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

  /// The bound port of TURN over TLS; 0: it has none of its own.
  int relayPort() {
    return relays == null ? 0 : relays.getLocalPort();
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
