package org.plenum.sfu.dtls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.plenum.sfu.srtp.SrtpKeys;
import org.plenum.sfu.srtp.SrtpProfile;

/// A session of a server with a client, over two paths. The client does nothing before [#start].
final class Association implements AutoCloseable {
  static final int RESEND_MILLIS = 40;
  static final int GCM = SrtpProfile.AEAD_AES_128_GCM.id();

  final RecordingListener listener;
  final TestClient client;
  final DtlsSession session;

  /// @param uplink wraps the way from client to server, `downlink` the way back
  Association(
      DtlsServer server,
      DtlsFingerprint expected,
      UnaryOperator<Consumer<byte[]>> uplink,
      UnaryOperator<Consumer<byte[]>> downlink,
      int... profiles) {
    client = new TestClient(uplink.apply(this::toServer), RESEND_MILLIS, profiles);
    listener = new RecordingListener(downlink.apply(client::onDatagram));
    session = server.open(List.of(expected), listener);
  }

  static Association clean(DtlsServer server, int... profiles) {
    return over(server, UnaryOperator.identity(), UnaryOperator.identity(), profiles);
  }

  static Association over(
      DtlsServer server,
      UnaryOperator<Consumer<byte[]>> uplink,
      UnaryOperator<Consumer<byte[]>> downlink,
      int... profiles) {
    return new Association(
        server, TestClient.CERTIFICATE.fingerprint(), uplink, downlink, profiles);
  }

  /// Ten percent loss, doubling and swapping, both ways.
  static Association lossy(DtlsServer server, long seed, int... profiles) {
    return over(
        server,
        to -> new SimulatedPath(2 * seed, 0.1, 0.1, to)::send,
        to -> new SimulatedPath(2 * seed + 1, 0.1, 0.1, to)::send,
        profiles);
  }

  Association start() {
    client.start();
    return this;
  }

  /// Waits until both ends have their keys, which must be the same.
  SrtpKeys connected() throws Exception {
    CompletableFuture.anyOf(listener.keys, listener.failed).get(20, TimeUnit.SECONDS);
    assertFalse(listener.failed.isDone(), () -> "failed: " + listener.failed.join());
    SrtpKeys ours = listener.keys.get(20, TimeUnit.SECONDS);
    SrtpKeys theirs = client.keys.get(20, TimeUnit.SECONDS);
    assertEquals(ours.profile(), theirs.profile());
    assertArrayEquals(ours.receiveKey(), theirs.receiveKey());
    assertArrayEquals(ours.receiveSalt(), theirs.receiveSalt());
    assertArrayEquals(ours.sendKey(), theirs.sendKey());
    assertArrayEquals(ours.sendSalt(), theirs.sendSalt());
    return ours;
  }

  void closed() throws Exception {
    listener.closed.get(20, TimeUnit.SECONDS);
  }

  DtlsFailure failed() throws Exception {
    return listener.failed.get(20, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    client.close();
    session.close();
    client.join();
  }

  private void toServer(byte[] datagram) {
    session.onDatagram(datagram);
  }
}
