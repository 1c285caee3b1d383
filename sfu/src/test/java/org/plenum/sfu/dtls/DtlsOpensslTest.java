package org.plenum.sfu.dtls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.plenum.sfu.srtp.SrtpKeys;

/// `openssl s_client` over loopback, where it is installed.
@Timeout(60)
class DtlsOpensslTest {
  @TempDir Path directory;
  private volatile @Nullable SocketAddress peer;

  @ParameterizedTest
  @CsvSource({
    "ec, SRTP_AES128_CM_SHA1_80, 60, 1200",
    "ec, SRTP_AES128_CM_SHA1_80:SRTP_AEAD_AES_128_GCM, 56, 1200",
    "rsa:2048, SRTP_AEAD_AES_128_GCM, 56, 300"
  })
  void opensslExportsTheSameKeys(String keyType, String profiles, int keyLength, int mtu)
      throws Exception {
    assumeTrue(isInstalled(), "openssl is not installed");
    makeCertificate(keyType);
    try (var socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        var server = new DtlsServer(DtlsCertificate.generate())) {
      var listener = new RecordingListener(datagram -> send(socket, datagram));
      DtlsSession session = server.open(List.of(fingerprint()), listener);
      Thread.ofVirtual().start(() -> relay(socket, session));
      Process client = client(socket.getLocalPort(), profiles, keyLength, mtu);
      try {
        SrtpKeys keys = listener.keys.get(10, TimeUnit.SECONDS);
        assertEquals(exported(client), HexFormat.of().withUpperCase().formatHex(material(keys)));
        client.outputWriter().close(); // end of input: s_client sends close_notify
        listener.closed.get(10, TimeUnit.SECONDS);
        assertTrue(listener.sent.stream().allMatch(sent -> sent.length <= 1200));
      } finally {
        client.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
      }
    }
  }

  private static boolean isInstalled() throws InterruptedException {
    try {
      Process process = new ProcessBuilder("openssl", "version").start();
      return process.waitFor(5, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private void makeCertificate(String keyType) throws Exception {
    var command = new ArrayList<>(List.of("openssl", "req", "-x509", "-nodes", "-subj", "/CN=c"));
    command.addAll(List.of("-newkey", keyType, "-keyout", file("key"), "-out", file("cert")));
    if (keyType.equals("ec")) {
      command.addAll(List.of("-pkeyopt", "ec_paramgen_curve:P-256"));
    }
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getInputStream().readAllBytes();
    assertTrue(process.waitFor(10, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue());
  }

  private DtlsFingerprint fingerprint() throws Exception {
    try (InputStream in = Files.newInputStream(Path.of(file("cert")))) {
      var certificate = CertificateFactory.getInstance("X.509").generateCertificate(in);
      return DtlsFingerprint.of("sha-256", certificate.getEncoded());
    }
  }

  private Process client(int port, String profiles, int keyLength, int mtu) throws IOException {
    var command = new ArrayList<>(List.of("openssl", "s_client", "-dtls1_2"));
    command.addAll(List.of("-connect", "127.0.0.1:" + port, "-use_srtp", profiles));
    command.addAll(List.of("-cert", file("cert"), "-key", file("key")));
    command.addAll(List.of("-mtu", "" + mtu, "-keymatexport", "EXTRACTOR-dtls_srtp"));
    command.addAll(List.of("-keymatexportlen", "" + keyLength));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private String file(String name) {
    return directory.resolve(name + ".pem").toString();
  }

  private static String exported(Process client) throws IOException {
    BufferedReader reader = client.inputReader(US_ASCII);
    String marker = "Keying material: ";
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      if (line.contains(marker)) {
        return line.substring(line.indexOf(marker) + marker.length()).strip();
      }
    }
    throw new AssertionError("openssl printed no keying material");
  }

  /// RFC 5764 §4.2, put together again.
  private static byte[] material(SrtpKeys keys) {
    return Records.join(keys.receiveKey(), keys.sendKey(), keys.receiveSalt(), keys.sendSalt());
  }

  private void relay(DatagramSocket socket, DtlsSession session) {
    var packet = new DatagramPacket(new byte[2048], 2048);
    try {
      while (!socket.isClosed()) {
        packet.setLength(2048);
        socket.receive(packet);
        peer = packet.getSocketAddress();
        session.onDatagram(Arrays.copyOf(packet.getData(), packet.getLength()));
      }
    } catch (IOException e) {
      assertTrue(socket.isClosed());
    }
  }

  private void send(DatagramSocket socket, byte[] datagram) {
    SocketAddress to = peer == null ? new InetSocketAddress(0) : peer;
    try {
      socket.send(new DatagramPacket(datagram, datagram.length, to));
    } catch (IOException e) {
      if (!socket.isClosed()) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
