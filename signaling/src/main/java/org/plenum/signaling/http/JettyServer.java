package org.plenum.signaling.http;

import java.io.IOException;
import java.net.BindException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.plenum.signaling.config.ServerConfig;

/// One Jetty with one port; requests and messages are handled on virtual threads.
final class JettyServer implements AutoCloseable {
  /// For the selector and the acceptor; what blocks runs on virtual threads.
  private static final int MAX_THREADS = 16;

  private static final int MIN_THREADS = 4;

  private static final int MAX_CONNECTIONS = 20_000;

  /// For HTTP; WebSockets bring their own.
  private static final long IDLE_MILLIS = 30_000;

  private final Server server;
  private final ServerConnector connector;
  private final ServerConfig.Listener listener;

  JettyServer(String name, ServerConfig.Listener listener) {
    this.listener = listener;
    QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, MIN_THREADS);
    threads.setName(name);
    threads.setVirtualThreadsExecutor(VirtualThreads.getNamedVirtualThreadsExecutor(name + "-"));
    server = new Server(threads);
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setSendDateHeader(false);
    connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    connector.setHost(listener.host());
    connector.setPort(listener.port());
    connector.setIdleTimeout(IDLE_MILLIS);
    server.addConnector(connector);
    server.addBean(new NetworkConnectionLimit(MAX_CONNECTIONS, connector));
    server.setStopTimeout(0);
  }

  Server server() {
    return server;
  }

  /// Throws IllegalStateException with one sentence if the port cannot be bound.
  void start(Handler handler) {
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
    String address = listener.host() + ":" + listener.port();
    if (failure instanceof BindException || failure.getCause() instanceof BindException) {
      return "TCP port " + address + " is in use or not allowed";
    }
    return failure instanceof IOException
        ? "cannot listen on " + address + ": " + failure.getMessage()
        : "the HTTP server on " + address + " did not start: " + failure;
  }
}
