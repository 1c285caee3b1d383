package org.plenum.sfu.forward;

import org.plenum.sfu.receive.NackGenerator;
import org.plenum.sfu.receive.PacketCache;
import org.plenum.sfu.receive.ReceiveStream;

/// One encoding of a track as its publisher sends it under one SSRC. Without simulcast a track has
/// one layer; when a
/// publisher changes the SSRC, a new layer takes the old one's place. Owned by the worker's thread.
public final class Layer implements AutoCloseable {
  private final ReceiveStream stream;
  private final NackGenerator nacks = new NackGenerator();
  private final PacketCache cache;
  private final boolean nackNegotiated;

  public Layer(ReceiveStream stream, PacketCache cache, boolean nackNegotiated) {
    this.stream = stream;
    this.cache = cache;
    this.nackNegotiated = nackNegotiated;
  }

  public ReceiveStream stream() {
    return stream;
  }

  public PacketCache cache() {
    return cache;
  }

  /// Meaningful only if [#nackNegotiated].
  public NackGenerator nacks() {
    return nacks;
  }

  public boolean nackNegotiated() {
    return nackNegotiated;
  }

  @Override
  public void close() {
    cache.close();
  }
}
