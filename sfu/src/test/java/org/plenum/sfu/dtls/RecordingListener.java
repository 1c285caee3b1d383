package org.plenum.sfu.dtls;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.plenum.sfu.srtp.SrtpKeys;

/// Remembers what a session told.
final class RecordingListener implements DtlsListener {
  final CompletableFuture<SrtpKeys> keys = new CompletableFuture<>();
  final CompletableFuture<DtlsFailure> failed = new CompletableFuture<>();
  final CompletableFuture<Void> closed = new CompletableFuture<>();
  final List<byte[]> sent = new CopyOnWriteArrayList<>();
  private final Consumer<byte[]> toClient;

  RecordingListener(Consumer<byte[]> toClient) {
    this.toClient = toClient;
  }

  @Override
  public void onOutgoing(byte[] datagram) {
    sent.add(datagram);
    toClient.accept(datagram);
  }

  @Override
  public void onKeys(SrtpKeys keys) {
    this.keys.complete(keys);
  }

  @Override
  public void onFailed(DtlsFailure reason) {
    failed.complete(reason);
  }

  @Override
  public void onClosed() {
    closed.complete(null);
  }
}
