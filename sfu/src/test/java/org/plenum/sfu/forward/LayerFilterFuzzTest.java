package org.plenum.sfu.forward;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.plenum.sfu.receive.FrameLayers;

/// Streams that say anything of their layers, in any order.
@Tag("fuzz")
class LayerFilterFuzzTest {
  private static final int BYTES_EACH = 12;

  /// Each packet: what is wanted, how far its number is from the one before, whether a picture
  /// begins, and eight bytes of layers.
  @FuzzTest(maxDuration = "5s")
  void noNumberIsUsedTwice(byte[] bytes) {
    var filter = new LayerFilter();
    var input = ByteBuffer.wrap(bytes);
    Set<Long> arrived = new HashSet<>();
    Set<Long> used = new HashSet<>();
    long highest = 0;
    int timestamp = 0;
    filter.start();
    for (boolean first = true; input.remaining() >= BYTES_EACH; first = false) {
      filter.want(input.get() & 0xF);
      int step = input.get();
      timestamp += input.get() & 1;
      boolean key = first || input.get() == 0;
      long layers = input.getLong();
      long number = Math.max(0, highest + step);
      if (!arrived.add(number)) {
        continue; // nothing comes twice
      }
      int verdict = filter.onPacket(number, timestamp, layers, key);
      assertTrue(verdict >= LayerFilter.FORWARD && verdict <= LayerFilter.BLANK);
      assertTrue(filter.current() >= 0 && filter.current() < FrameLayers.TARGETS);
      if (verdict != LayerFilter.OMIT) {
        int packets = Omitted.packets(filter.omitted());
        assertTrue(packets >= 0 && packets <= highest + 128);
        assertTrue(used.add(number - packets), "a number is used twice");
        assertTrue(Omitted.target(filter.omitted()) < FrameLayers.TARGETS);
      }
      highest = Math.max(highest, number);
    }
  }
}
