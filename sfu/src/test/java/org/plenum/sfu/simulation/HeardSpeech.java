package org.plenum.sfu.simulation;

import static org.plenum.sfu.rtp.NetworkOrder.u16;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.plenum.sfu.Codec;
import org.plenum.sfu.red.RedPayload;
import org.plenum.sfu.rtp.RtpPacket;

/// What a viewer hears of one sound slot: frames that came, by themselves or repeated in a later
/// packet (RFC 2198), and what of it had to be concealed. One whose time says that it is another
/// frame than it is makes the test fail.
final class HeardSpeech {
  private static final Codec OPUS = SimulatedPublisher.OPUS_WITH_RED;
  private static final int FRAME_UNITS = 960;

  private final RedPayload red = new RedPayload();
  private final Map<Integer, TreeSet<Integer>> framesOf = new HashMap<>();
  private int packets;
  private int redundant;

  void onPacket(RtpPacket packet, boolean takesRed) {
    packets++;
    long at = packet.offset() + packet.headerLength();
    MemorySegment bytes = packet.slab();
    if (packet.payloadType() == OPUS.payloadType()) {
      onFrame(bytes, at);
      return;
    }
    if (!takesRed || packet.payloadType() != OPUS.redPayloadType()) {
      throw new AssertionError("payload type " + packet.payloadType());
    }
    if (!red.parse(bytes, at, packet.payloadLength()) || red.redundantCount() == 0) {
      throw new AssertionError("redundant audio that repeats nothing");
    }
    redundant++;
    long primary = at + red.primaryOffset();
    for (int i = 0; i < red.redundantCount(); i++) {
      long block = at + red.offset(i);
      int age = red.timestampOffset(i);
      if (publisher(bytes, block) != publisher(bytes, primary)
          || (frame(bytes, primary) - frame(bytes, block)) * FRAME_UNITS != age) {
        throw new AssertionError("a block that is not what was said " + age + " units before");
      }
      onFrame(bytes, block);
    }
    onFrame(bytes, primary);
  }

  private void onFrame(MemorySegment bytes, long at) {
    framesOf.computeIfAbsent(publisher(bytes, at), _ -> new TreeSet<>()).add(frame(bytes, at));
  }

  private static int publisher(MemorySegment bytes, long at) {
    return u16(bytes, at + 2);
  }

  private static int frame(MemorySegment bytes, long at) {
    return u16(bytes, at + 4) << 16 | u16(bytes, at + 6);
  }

  /// Frames that came of everything that a publisher said from one frame to another.
  ///
  /// @param publisher number of the peer
  double concealed(int publisher, int from, int to) {
    TreeSet<Integer> frames = framesOf.getOrDefault(publisher, new TreeSet<>());
    return 1 - frames.subSet(from, to).size() / (double) (to - from);
  }

  int packets() {
    return packets;
  }

  /// Packets that repeated others.
  int redundant() {
    return redundant;
  }
}
