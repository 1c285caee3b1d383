package org.plenum.cluster.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jgroups.util.DefaultSocketFactory;
import org.plenum.ice.AddressText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// TLS 1.3 between nodes: both sides prove that they have the cluster's secret, before anything
/// else
/// is read. Who does not is named in the log, and counted.
final class SecretSockets extends DefaultSocketFactory {
  private static final Logger LOG = LoggerFactory.getLogger(SecretSockets.class);

  /// Within which the other side must prove it.
  private static final int HANDSHAKE_MILLIS = 5000;

  /// Connections that shake hands at the same time; more are closed.
  private static final int MOST_HANDSHAKES = 64;

  /// How many strangers are named in the log, each once.
  private static final int MOST_NAMED = 1000;

  private final SSLContext context;
  private final LongAdder refusals = new LongAdder();
  private final Set<String> named = ConcurrentHashMap.newKeySet();

  /// Nodes that we called and that have another secret.
  private final Map<String, Boolean> strangers = new ConcurrentHashMap<>();

  SecretSockets(NodeKey key) {
    try {
      KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(key.store(), NodeKey.PASSWORD);
      context = SSLContext.getInstance("TLSv1.3");
      context.init(keys.getKeyManagers(), new TrustManager[] {new OwnKeyOnly(key)}, null);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("TLS between nodes cannot be set up: " + e, e);
    }
  }

  /// Connections refused because the other side has another secret, does not speak TLS, or went
  /// before that was known.
  long refusals() {
    return refusals.sum();
  }

  /// Nodes that we called and that have another secret.
  Set<String> strangers() {
    return Set.copyOf(strangers.keySet());
  }

  @Override
  public Socket createSocket(String service) {
    return new DialledSocket(context.getSocketFactory());
  }

  @Override
  public Socket createSocket(String service, String host, int port) throws IOException {
    return context.getSocketFactory().createSocket(host, port);
  }

  @Override
  public Socket createSocket(String service, InetAddress address, int port) throws IOException {
    return context.getSocketFactory().createSocket(address, port);
  }

  @Override
  public Socket createSocket(
      String service, String host, int port, InetAddress localAddress, int localPort)
      throws IOException {
    return context.getSocketFactory().createSocket(host, port, localAddress, localPort);
  }

  @Override
  public Socket createSocket(
      String service, InetAddress address, int port, InetAddress localAddress, int localPort)
      throws IOException {
    return context.getSocketFactory().createSocket(address, port, localAddress, localPort);
  }

  @Override
  public ServerSocket createServerSocket(String service) throws IOException {
    return new Listener();
  }

  @Override
  public ServerSocket createServerSocket(String service, int port) throws IOException {
    return new Listener(port, 50, null);
  }

  @Override
  public ServerSocket createServerSocket(String service, int port, int backlog) throws IOException {
    return new Listener(port, backlog, null);
  }

  @Override
  public ServerSocket createServerSocket(
      String service, int port, int backlog, InetAddress bindAddress) throws IOException {
    return new Listener(port, backlog, bindAddress);
  }

  private void refuse(String who, String why) {
    refusals.increment();
    if (named.size() < MOST_NAMED && named.add(who)) {
      LOG.warn("{} may not join the cluster: {}", who, why);
    }
  }

  /// Hands out connections whose other side has proven the secret. Whoever connects and says
  /// nothing
  /// keeps nobody else from it.
  private final class Listener extends ServerSocket {
    private final BlockingQueue<Socket> ready = new LinkedBlockingQueue<>();
    private final Semaphore handshakes = new Semaphore(MOST_HANDSHAKES);
    private volatile boolean accepting;

    Listener() throws IOException {}

    Listener(int port, int backlog, @org.jspecify.annotations.Nullable InetAddress address)
        throws IOException {
      super(port, backlog, address);
    }

    /// Throws SocketException once it is closed.
    @Override
    public Socket accept() throws IOException {
      synchronized (this) {
        if (!accepting) {
          accepting = true;
          Thread.ofVirtual().name("node-accept").start(this::acceptAll);
        }
      }
      try {
        Socket next = ready.take();
        if (isClosed()) {
          next.close();
          throw new SocketException("Socket closed");
        }
        return next;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new SocketException("interrupted");
      }
    }

    private void acceptAll() {
      while (!isClosed()) {
        try {
          Socket plain = super.accept();
          if (handshakes.tryAcquire()) {
            Thread.ofVirtual().name("node-handshake").start(() -> shake(plain));
          } else {
            plain.close();
            refuse(name(plain), "too many connections shake hands");
          }
        } catch (IOException e) {
          if (!isClosed()) {
            LOG.warn("a connection of a node was not accepted: {}", e.toString());
          }
        }
      }
      ready.add(new Socket()); // wakes who waits
    }

    private void shake(Socket plain) {
      try {
        plain.setSoTimeout(HANDSHAKE_MILLIS);
        var secure =
            (SSLSocket) context.getSocketFactory().createSocket(plain, null, plain.getPort(), true);
        secure.setUseClientMode(false);
        SSLParameters parameters = secure.getSSLParameters();
        parameters.setNeedClientAuth(true);
        parameters.setProtocols(new String[] {"TLSv1.3"});
        secure.setSSLParameters(parameters);
        secure.startHandshake();
        plain.setSoTimeout(0);
        ready.add(secure);
      } catch (IOException e) {
        if (e instanceof SSLException && !(e.getCause() instanceof IOException)) {
          refuse(
              name(plain),
              "it does not have cluster.secret, or is no node (" + e.getMessage() + ")");
        } else {
          refuse(name(plain), "it went before it had proven cluster.secret (" + e + ")");
        }
        try {
          plain.close();
        } catch (IOException closing) {
          LOG.debug("{} did not close", plain, closing);
        }
      } finally {
        handshakes.release();
      }
    }

    private static String name(Socket socket) {
      InetAddress address = socket.getInetAddress();
      return address == null ? "somebody" : AddressText.of(address);
    }
  }

  /// Trusts one key, whatever the certificate says: each node has the same.
  private final class OwnKeyOnly extends X509ExtendedTrustManager {
    private final NodeKey key;

    OwnKeyOnly(NodeKey key) {
      this.key = key;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      try {
        check(chain);
      } catch (CertificateException e) {
        String who =
            AddressText.of(new InetSocketAddress(socket.getInetAddress(), socket.getPort()));
        strangers.put(who, true);
        refuse(who, "it has another cluster.secret");
        throw e;
      }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      check(chain);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }

    private void check(X509Certificate[] chain) throws CertificateException {
      if (chain.length == 0 || !chain[0].getPublicKey().equals(key.publicKey())) {
        throw new CertificateException("another cluster.secret");
      }
    }
  }
}
