package org.plenum.signaling.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Debian's nginx before a server: TLS with HTTP/2, below `/meet/` of a site of which all else is
/// somebody else's.
final class Nginx implements AutoCloseable {
  private static final long START_NANOS = TimeUnit.SECONDS.toNanos(30);

  private static final String CONFIGURATION =
      """
      daemon off;
      pid {dir}/pid;
      error_log {dir}/error.log;
      events {}
      http {
        access_log off;
        client_body_temp_path {dir}/body;
        proxy_temp_path {dir}/proxy;
        fastcgi_temp_path {dir}/fastcgi;
        uwsgi_temp_path {dir}/uwsgi;
        scgi_temp_path {dir}/scgi;
        map $http_upgrade $connection_upgrade { default upgrade; '' close; }
        server {
          listen 127.0.0.1:{port} ssl http2;
          ssl_certificate {dir}/tls.crt;
          ssl_certificate_key {dir}/tls.key;
          client_max_body_size {body};
          client_body_buffer_size 2m;
          proxy_max_temp_file_size 0;
          location / { return 404 "somebody else's site"; }
          location /meet/ {
            proxy_pass http://127.0.0.1:{server}{target};
            proxy_http_version 1.1;
            proxy_set_header Host {host};
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection $connection_upgrade;
            {headers}
          }
        }
      }
      """;

  private final Process process;
  private final int port;

  private Nginx(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /// @param server the server's port
  /// @param target what stands in place of `/meet/`; empty: it stays
  /// @param body the longest there may be
  /// @param host what the server is told that it was called
  /// @param headers directives of the location
  static Nginx start(
      Path directory, int server, String target, String body, String host, String headers)
      throws IOException, InterruptedException {
    int port = freePort();
    makeCertificate(directory);
    String configuration =
        CONFIGURATION
            .replace("{dir}", directory.toString())
            .replace("{port}", String.valueOf(port))
            .replace("{server}", String.valueOf(server))
            .replace("{target}", target)
            .replace("{body}", body)
            .replace("{host}", host)
            .replace("{headers}", headers);
    Path file = Files.writeString(directory.resolve("nginx.conf"), configuration);
    Process process =
        new ProcessBuilder(
                Installed.nginx().toString(),
                "-p",
                directory.toString(),
                "-e",
                directory.resolve("error.log").toString(),
                "-c",
                file.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("output.log").toFile())
            .start();
    Nginx nginx = new Nginx(process, port);
    nginx.awaitPort(directory);
    return nginx;
  }

  /// The address of the server behind it, with a slash at the end.
  String base() {
    return "https://localhost:" + port + "/meet/";
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitPort(Path directory) throws IOException, InterruptedException {
    long until = System.nanoTime() + START_NANOS;
    while (System.nanoTime() - until < 0) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return;
      } catch (IOException e) {
        if (!process.isAlive()) {
          break;
        }
        Thread.sleep(50);
      }
    }
    fail("nginx does not listen: " + Files.readString(directory.resolve("output.log")));
  }

  private static void makeCertificate(Path directory) throws IOException, InterruptedException {
    Process made =
        new ProcessBuilder(
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
                    "ec",
                    "-pkeyopt",
                    "ec_paramgen_curve:prime256v1",
                    "-keyout",
                    directory.resolve("tls.key").toString(),
                    "-out",
                    directory.resolve("tls.crt").toString()))
            .redirectErrorStream(true)
            .start();
    String said = new String(made.getInputStream().readAllBytes());
    assertEquals(0, made.waitFor(), said);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
