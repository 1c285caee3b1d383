package org.plenum.sfu.simulation;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Consumer;
import org.plenum.sfu.fec.FlexFecDecoder;
import org.plenum.sfu.rtp.RtpPacket;

/// Restores what is missing of one SSRC from its repair packets (flexfec-03), as browsers do.
final class RepairedStream {
  private static final int PENDING = 8;
  private static final int KEPT = 1 << 11;

  private final int mediaSsrc;
  private final Map<Integer, byte[]> received = new HashMap<>();
  private final ArrayDeque<byte[]> pending = new ArrayDeque<>();
  private final Consumer<RtpPacket> restored;
  private int repairs;
  private int restorations;

  RepairedStream(int mediaSsrc, Consumer<RtpPacket> restored) {
    this.mediaSsrc = mediaSsrc;
    this.restored = restored;
  }

  void onMedia(RtpPacket packet) {
    byte[] bytes =
        packet
            .slab()
            .asSlice(packet.offset(), packet.headerLength() + packet.payloadLength())
            .toArray(ValueLayout.JAVA_BYTE);
    // As browsers do: what a sender writes last is not protected.
    int number = packet.extensionOffset(SimulatedPeer.TRANSPORT_CC_ID);
    if (number >= 0) {
      bytes[number] = 0;
      bytes[number + 1] = 0;
    }
    received.put(packet.sequenceNumber(), bytes);
    received.remove(packet.sequenceNumber() - KEPT & 0xFFFF);
    retry();
  }

  void onRepair(RtpPacket packet) {
    repairs++;
    pending.add(
        packet
            .slab()
            .asSlice(packet.offset() + packet.headerLength(), packet.payloadLength())
            .toArray(ValueLayout.JAVA_BYTE));
    if (pending.size() > PENDING) {
      pending.remove();
    }
    retry();
  }

  private void retry() {
    for (Iterator<byte[]> each = pending.iterator(); each.hasNext(); ) {
      byte[] payload = each.next();
      FlexFecDecoder.Repair repair = FlexFecDecoder.read(payload);
      if (repair.ssrc() != mediaSsrc) {
        throw new AssertionError("a repair packet of another SSRC: " + repair.ssrc());
      }
      int missing = 0;
      for (int place = 0; place < repair.mask().length; place++) {
        boolean isProtected = repair.mask()[place];
        missing += isProtected && !received.containsKey(repair.base() + place & 0xFFFF) ? 1 : 0;
      }
      if (missing <= 1) {
        each.remove();
      }
      if (missing == 1) {
        restore(payload);
      }
    }
  }

  private void restore(byte[] payload) {
    byte[] bytes = FlexFecDecoder.restore(payload, received);
    var packet = new RtpPacket();
    if (!packet.parse(MemorySegment.ofArray(bytes), 0, bytes.length)) {
      throw new AssertionError("what was restored is no RTP packet");
    }
    restorations++;
    received.put(packet.sequenceNumber(), bytes);
    restored.accept(packet);
  }

  int repairs() {
    return repairs;
  }

  int restorations() {
    return restorations;
  }
}
