package org.plenum.sfu.relay;

import org.plenum.sfu.Codec;
import org.plenum.sfu.receive.PacketRing;

/// Between two workers of one process: the other one reads the ring that this one writes.
final class SharedRing implements Carrier {
  private final PacketRing out;
  private final Runnable wakeOther;

  SharedRing(PacketRing out, Runnable wakeOther) {
    this.out = out;
    this.wakeOther = wakeOther;
  }

  @Override
  public boolean settle(RelayEnd.Home worker) {
    return true;
  }

  @Override
  public void announce(Codec codec) {}

  @Override
  public void numbered(int number, Codec codec) {}

  @Override
  public void flush(long nowNanos) {
    if (out.takeWritten()) {
      wakeOther.run();
    }
  }

  @Override
  public boolean onTimeout(long nowNanos) {
    return false;
  }

  @Override
  public void close() {}
}
