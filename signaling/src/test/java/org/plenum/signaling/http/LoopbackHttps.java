package org.plenum.signaling.http;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/// An HTTPS server on loopback that answers everything with one text, under a certificate that only
/// [#trust] vouches for.
public final class LoopbackHttps implements AutoCloseable {
  private final AtomicInteger requests = new AtomicInteger();
  private final HttpsServer server;
  private final SSLSocketFactory trust;
  private volatile int status = 200;
  private volatile String text = "";

  public LoopbackHttps() throws IOException, GeneralSecurityException {
    KeyStore keys = SelfSigned.make(Instant.now());
    KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
    own.init(keys, TlsKeys.PASSWORD.toCharArray());
    SSLContext serving = SSLContext.getInstance("TLS");
    serving.init(own.getKeyManagers(), null, null);
    KeyStore anchors = KeyStore.getInstance("PKCS12");
    anchors.load(null, null);
    anchors.setCertificateEntry("it", keys.getCertificate("tls"));
    TrustManagerFactory trusted = TrustManagerFactory.getInstance("PKIX");
    trusted.init(anchors);
    SSLContext trusting = SSLContext.getInstance("TLS");
    trusting.init(null, trusted.getTrustManagers(), null);
    trust = trusting.getSocketFactory();
    server = HttpsServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(serving));
    server.createContext(
        "/",
        exchange -> {
          requests.incrementAndGet();
          byte[] body = text.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  public String url(String path) {
    return "https://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  /// For a client that takes its certificate and no other.
  public SSLSocketFactory trust() {
    return trust;
  }

  public void answer(int newStatus, String newText) {
    status = newStatus;
    text = newText;
  }

  /// How often it was asked.
  public int requests() {
    return requests.get();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
