package org.plenum.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.plenum.signaling.config.ServerConfig;

@Timeout(90)
class TlsTest {
  @TempDir private Path directory;

  @Test
  void servesHttp2AndTheWebSocketWithACertificateOfItsOwn() throws Exception {
    var web = new ServerConfig.Web(List.of(), List.of(), null, null, true);
    try (var server = new TestServer(true, ServerConfig.forTests().with(web));
        HttpClient http = client()) {
      String base = "https://127.0.0.1:" + server.port();
      var response = get(http, base + "/");
      assertEquals(200, response.statusCode());
      assertEquals(HttpClient.Version.HTTP_2, response.version());
      assertEquals("nosniff", response.headers().firstValue("X-Content-Type-Options").orElse(""));
      assertTrue(response.headers().firstValue("Strict-Transport-Security").isEmpty());
      X509Certificate certificate = certificate(server.port());
      assertTrue(
          certificate.getSubjectAlternativeNames().stream()
              .anyMatch(name -> "127.0.0.1".equals(name.get(1))));
      TestClient client = new TestClient(http, base.replace("https", "wss") + "/ws");
      client.hello("blue", "Ada");
      client.socket().abort();
    }
  }

  @Test
  void sendsWhoSpeaksPlainHttpToHttps() throws Exception {
    Path certificate = directory.resolve("tls.crt");
    Path key = directory.resolve("tls.key");
    makeKeys("ec", certificate, key);
    var web = new ServerConfig.Web(List.of(), List.of(), certificate, key, false);
    try (var server = new TestServer(true, ServerConfig.forTests().with(web));
        HttpClient http = client()) {
      String authority = "127.0.0.1:" + server.port();
      var response = get(http, "http://" + authority + "/r/blue?name=Ada");
      assertEquals(307, response.statusCode());
      assertEquals(
          "https://" + authority + "/r/blue?name=Ada",
          response.headers().firstValue("Location").orElse(""));
      assertEquals("nosniff", response.headers().firstValue("X-Content-Type-Options").orElse(""));
      assertTrue(response.headers().firstValue("Strict-Transport-Security").isEmpty());
      var post =
          http.send(
              HttpRequest.newBuilder(URI.create("http://" + authority + "/whip/blue"))
                  .header("Authorization", "Bearer x")
                  .POST(HttpRequest.BodyPublishers.ofString("v=0"))
                  .build(),
              BodyHandlers.ofString());
      assertEquals(400, post.statusCode());
      assertTrue(post.body().contains("HTTPS only"), post.body());
      assertEquals(200, get(http, "https://" + authority + "/r/blue").statusCode());
    }
  }

  @Test
  void readsTheCertificateAgainWhenItChanges() throws Exception {
    Path certificate = directory.resolve("tls.crt");
    Path key = directory.resolve("tls.key");
    makeKeys("rsa:2048", certificate, key);
    var web = new ServerConfig.Web(List.of(), List.of(), certificate, key, false);
    try (var server = new TestServer(true, ServerConfig.forTests().with(web));
        HttpClient http = client()) {
      X509Certificate first = certificate(server.port());
      var response = get(http, "https://127.0.0.1:" + server.port() + "/");
      assertTrue(response.headers().firstValue("Strict-Transport-Security").isPresent());
      Files.writeString(key, "half");
      makeKeys("ec", certificate, key);
      Instant patience = Instant.now().plus(Duration.ofSeconds(60));
      X509Certificate now = certificate(server.port());
      while (now.equals(first) && Instant.now().isBefore(patience)) {
        Thread.sleep(200);
        now = certificate(server.port());
      }
      assertNotEquals(first, now);
      assertEquals("EC", now.getPublicKey().getAlgorithm());
    }
  }

  @Test
  void saysInOneSentenceWhatIsWrongWithItsFiles() throws Exception {
    Path certificate = directory.resolve("tls.crt");
    Path key = directory.resolve("tls.key");
    refused(certificate, key, "tls.certificate " + certificate + " cannot be read");
    Files.writeString(certificate, "nonsense");
    refused(certificate, key, "tls.certificate " + certificate + " holds no certificate");
    makeKeys("rsa:2048", certificate, key);
    Path other = directory.resolve("other.key");
    makeKeys("ec", directory.resolve("other.crt"), other);
    refused(certificate, other, "tls.key " + other + " is no key of the first certificate");
    refused(certificate, certificate, "holds no private key");
  }

  private static void refused(Path certificate, Path key, String message) {
    var web = new ServerConfig.Web(List.of(), List.of(), certificate, key, false);
    var failure =
        assertThrows(
            IllegalStateException.class,
            () -> new TestServer(true, ServerConfig.forTests().with(web)).close());
    assertTrue(failure.getMessage().contains(message), failure.getMessage());
  }

  private static void makeKeys(String kind, Path certificate, Path key) throws Exception {
    var command =
        new java.util.ArrayList<>(
            List.of(
                "openssl",
                "req",
                "-x509",
                "-nodes",
                "-subj",
                "/CN=localhost",
                "-days",
                "2",
                "-newkey",
                kind,
                "-keyout",
                key.toString(),
                "-out",
                certificate.toString()));
    if (kind.equals("ec")) {
      command.addAll(List.of("-pkeyopt", "ec_paramgen_curve:prime256v1"));
    }
    Process made = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(made.getInputStream().readAllBytes());
    assertEquals(0, made.waitFor(), said);
  }

  private static HttpResponse<String> get(HttpClient http, String url) throws Exception {
    return http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
  }

  private static X509Certificate certificate(int port) throws Exception {
    try (Socket socket =
        trustful().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
      SSLSocket tls = (SSLSocket) socket;
      tls.startHandshake();
      return (X509Certificate) tls.getSession().getPeerCertificates()[0];
    }
  }

  /// Takes every certificate.
  static HttpClient client() throws Exception {
    return HttpClient.newBuilder().sslContext(trustful()).build();
  }

  private static SSLContext trustful() throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustEveryone()}, new SecureRandom());
    return context;
  }

  /// What a person does who clicks the warning away.
  private static final class TrustEveryone extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
