package org.plenum.sfu.transport;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.plenum.sfu.srtp.SrtpSender;

/// Lets the protection of what a viewer is sent fail, as it does for an index that was used before.
public final class FailingProtection implements SrtpSender.Stream {
  private final SrtpSender.Stream protecting;
  private final int every;
  private int packets;

  private FailingProtection(SrtpSender.Stream protecting, int every) {
    this.protecting = protecting;
    this.every = every;
  }

  /// From now on one in `every` packets of the slot with this SSRC fails, and one in `every` that
  /// its RTX stream carries.
  public static void begin(Transport viewer, int ssrc, int every) {
    SendStream stream = Objects.requireNonNull(viewer.sender().streamOf(ssrc));
    stream.media = new FailingProtection(Objects.requireNonNull(stream.media), every);
    if (stream.rtx != null) {
      stream.rtx = new FailingProtection(stream.rtx, every);
    }
  }

  @Override
  public int protect(
      MemorySegment to,
      long toOffset,
      int headerLength,
      int prefixLength,
      MemorySegment from,
      long fromOffset,
      int fromLength,
      long packetIndex) {
    return ++packets % every == 0
        ? SrtpSender.INDEX_USED
        : protecting.protect(
            to, toOffset, headerLength, prefixLength, from, fromOffset, fromLength, packetIndex);
  }
}
