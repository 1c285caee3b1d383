package org.plenum.sfu.dtls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.plenum.sfu.srtp.SrtpKeys;

/// A session of a server with a client, over two simulated paths. Not started until [#start].
final class Association implements AutoCloseable {
  final RecordingListener listener;
  final TestClient client;
  final DtlsSession session;
  final SimulatedPath uplink;
  final SimulatedPath downlink;

  Association(DtlsServer server, long seed, double loss, double others, int... profiles) {
    this(server, TestClient.CERTIFICATE.fingerprint(), seed, loss, others, profiles);
  }

  Association(
      DtlsServer server,
      DtlsFingerprint expected,
      long seed,
      double loss,
      double others,
      int... profiles) {
    uplink = new SimulatedPath(seed, loss, others, this::toServer);
    client = new TestClient(uplink::send, 40, profiles);
    downlink = new SimulatedPath(seed ^ 0x5555, loss, others, client::onDatagram);
    listener = new RecordingListener(downlink::send);
    session = server.open(List.of(expected), listener);
  }

  Association start() {
    client.start();
    return this;
  }

  /// Waits until both ends have their keys, which must be the same.
  SrtpKeys connected() throws Exception {
    SrtpKeys ours = listener.keys.get(8, TimeUnit.SECONDS);
    SrtpKeys theirs = client.keys.get(8, TimeUnit.SECONDS);
    assertEquals(ours.profile(), theirs.profile());
    assertArrayEquals(ours.receiveKey(), theirs.receiveKey());
    assertArrayEquals(ours.receiveSalt(), theirs.receiveSalt());
    assertArrayEquals(ours.sendKey(), theirs.sendKey());
    assertArrayEquals(ours.sendSalt(), theirs.sendSalt());
    return ours;
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
