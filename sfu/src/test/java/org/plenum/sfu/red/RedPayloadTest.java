package org.plenum.sfu.red;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.rtp.HostileBytes;

/// RFC 2198, read and written.
class RedPayloadTest {
  private final RedPayload red = new RedPayload();

  private boolean parse(byte[] bytes) {
    return red.parse(MemorySegment.ofArray(bytes), 0, bytes.length);
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }

  @Test
  void readsTheExampleOfTheRfc() {
    // §7: redundant LPC (7), 14 bytes, 160 ticks ago; primary DVI4 (5), 84 bytes.
    byte[] bytes = new byte[5 + 14 + 84];
    System.arraycopy(hex("87 02 80 0E 05"), 0, bytes, 0, 5);
    assertTrue(parse(bytes));
    assertEquals(1, red.redundantCount());
    assertEquals(7, red.payloadType(0));
    assertEquals(160, red.timestampOffset(0));
    assertEquals(5, red.offset(0));
    assertEquals(14, red.length(0));
    assertEquals(5, red.primaryPayloadType());
    assertEquals(19, red.primaryOffset());
    assertEquals(84, red.primaryLength());
  }

  @Test
  void readsAPrimaryBlockAlone() {
    assertTrue(parse(hex("6F AABB")));
    assertEquals(0, red.redundantCount());
    assertEquals(111, red.primaryPayloadType());
    assertEquals(1, red.primaryOffset());
    assertEquals(2, red.primaryLength());
  }

  @Test
  void readsWhatChromiumSends() {
    // red/48000/2 with fmtp 111/111, one frame of 20 ms (960 ticks) before.
    assertTrue(parse(hex("EF 0F 00 03 6F 010203 0405")));
    assertEquals(111, red.payloadType(0));
    assertEquals(960, red.timestampOffset(0));
    assertEquals(3, red.length(0));
    assertEquals(5, red.offset(0));
    assertEquals(8, red.primaryOffset());
    assertEquals(2, red.primaryLength());
  }

  @Test
  void refusesLies() {
    assertFalse(parse(new byte[0]));
    assertFalse(parse(hex("6F")), "no primary");
    assertFalse(parse(hex("EF 0F 00")), "half a header");
    assertFalse(parse(hex("EF 0F 00 03")), "headers without an end");
    assertFalse(parse(hex("EF 0F 00 03 6F 0102")), "longer than there is");
    assertFalse(parse(hex("EF 0F 00 03 6F 010203")), "nothing for the primary");
    assertFalse(parse(hex("EF 0F 03 FF 6F 010203 04")), "much longer than there is");
  }

  @Test
  void refusesMoreBlocksThanReceiversTake() {
    for (int blocks = 30; blocks <= 33; blocks++) {
      byte[] bytes = new byte[4 * blocks + 2];
      for (int i = 0; i < blocks; i++) {
        bytes[4 * i] = (byte) 0xEF;
      }
      bytes[4 * blocks] = 111;
      assertEquals(blocks <= RedPayload.MOST_REDUNDANT, parse(bytes), blocks + " blocks");
    }
  }

  @Test
  void nothingIsReadOutsideOfHostileBytes() {
    byte[] good = hex("EF 0F 00 03 EF 07 80 01 6F 010203 04 0506");
    HostileBytes.truncations(good, this::parseAndWalk);
    HostileBytes.flippedBits(good, this::parseAndWalk);
    HostileBytes.noise(this::parseAndWalk);
  }

  private void parseAndWalk(byte[] bytes) {
    if (!parse(bytes)) {
      return;
    }
    int sum = 4 * red.redundantCount() + 1 + red.primaryLength();
    for (int i = 0; i < red.redundantCount(); i++) {
      assertTrue(red.offset(i) + red.length(i) <= red.primaryOffset());
      sum += red.length(i);
    }
    assertEquals(bytes.length, sum);
  }

  @Test
  void whatIsWrittenIsReadBack() {
    var random = new Random(2198);
    var writer = new RedWriter();
    for (int round = 0; round < 2_000; round++) {
      int blocks = random.nextInt(RedWriter.MOST_REDUNDANT + 1);
      byte[][] payloads = new byte[blocks + 1][];
      // Timestamps wrap on the way.
      int timestamp = 960 * (blocks / 2);
      writer.begin(111, timestamp);
      for (int i = 0; i <= blocks; i++) {
        payloads[i] = new byte[1 + random.nextInt(200)];
        random.nextBytes(payloads[i]);
        if (i < blocks) {
          MemorySegment earlier = MemorySegment.ofArray(payloads[i]);
          assertTrue(writer.add(earlier, 0, payloads[i].length, timestamp - 960 * (blocks - i)));
        }
      }
      byte[] out = new byte[2_000];
      MemorySegment primary = MemorySegment.ofArray(payloads[blocks]);
      int length =
          writer.write(primary, 0, payloads[blocks].length, MemorySegment.ofArray(out), 7, 1_993);
      MemorySegment written = MemorySegment.ofArray(Arrays.copyOf(out, 7 + length));
      assertTrue(red.parse(written, 7, length));
      assertEquals(blocks, red.redundantCount());
      for (int i = 0; i < blocks; i++) {
        assertEquals(960 * (blocks - i), red.timestampOffset(i));
        assertEquals(111, red.payloadType(i));
        assertArrayEquals(payloads[i], slice(written, 7 + red.offset(i), red.length(i)));
      }
      assertArrayEquals(
          payloads[blocks], slice(written, 7 + red.primaryOffset(), red.primaryLength()));
    }
  }

  private static byte[] slice(MemorySegment segment, int offset, int length) {
    return segment.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
  }

  @Test
  void leavesOutWhatCannotBeSaid() {
    var writer = new RedWriter();
    MemorySegment payload = MemorySegment.ofArray(new byte[2_000]);
    writer.begin(111, 100_000);
    assertFalse(writer.add(payload, 0, 0, 99_000), "empty");
    assertFalse(writer.add(payload, 0, 1_024, 99_000), "11 bits of length");
    assertFalse(writer.add(payload, 0, 10, 100_000 - 16_384), "15 bits of age");
    assertFalse(writer.add(payload, 0, 10, 100_000), "not older");
    assertFalse(writer.add(payload, 0, 10, 100_960), "younger");
    assertTrue(writer.add(payload, 0, 1_023, 100_000 - 16_383));
    for (int i = 1; i < RedWriter.MOST_REDUNDANT; i++) {
      assertTrue(writer.add(payload, 0, 10, 100_000 - 960));
    }
    assertFalse(writer.add(payload, 0, 10, 100_000 - 960), "too many");
  }

  @Test
  void whereThereIsLittleRoomTheOldestGo() {
    var writer = new RedWriter();
    MemorySegment payload = MemorySegment.ofArray(new byte[300]);
    byte[] out = new byte[1_200];
    for (int room : new int[] {100, 101, 204, 205, 308, 309, 413, 1_200}) {
      writer.begin(111, 100_000);
      for (int i = 3; i > 0; i--) {
        assertTrue(writer.add(payload, 0, 100, 100_000 - 960 * i));
      }
      int written = writer.write(payload, 0, 100, MemorySegment.ofArray(out), 0, room);
      int fit = Math.min(3, (room - 101) / 104);
      assertEquals(room < 101 ? -1 : 101 + 104 * fit, written, "room " + room);
      if (written > 0) {
        assertTrue(red.parse(MemorySegment.ofArray(out), 0, written));
        assertEquals(fit, red.redundantCount());
        assertTrue(fit == 0 || red.timestampOffset(fit - 1) == 960);
      }
    }
  }

  @Test
  void repetitionFollowsLossUpAtOnceAndDownSlowly() {
    var policy = new RedPolicy();
    long second = 1_000_000_000L;
    long now = Long.MAX_VALUE - 30 * second;
    assertEquals(0, policy.redundant());
    assertFalse(policy.onReport(0.02, now), "one packet of fifty is chance");
    assertFalse(policy.onReport(0, now += second));
    assertTrue(policy.onReport(0.05, now += second));
    assertEquals(1, policy.redundant());
    for (int i = 0; i < 4; i++) {
      policy.onReport(0.5, now += second);
    }
    assertEquals(RedPolicy.MOST_REDUNDANT, policy.redundant());
    int seconds = 0;
    while (policy.redundant() == RedPolicy.MOST_REDUNDANT && seconds < 60) {
      policy.onReport(0, now += second);
      seconds++;
    }
    assertTrue(seconds >= 10 && seconds < 20, seconds + " s");
    while (policy.redundant() > 0 && seconds < 120) {
      policy.onReport(0, now += second);
      seconds++;
    }
    assertTrue(seconds > 25 && seconds < 60, seconds + " s");
  }

  @Test
  void lossAroundAThresholdDoesNotFlap() {
    var policy = new RedPolicy();
    var random = new Random(1);
    int changes = 0;
    for (int i = 0; i < 600; i++) {
      changes += policy.onReport(0.05 + 0.06 * random.nextDouble(), i * 1_000_000_000L) ? 1 : 0;
    }
    assertTrue(changes <= 2, changes + " changes");
    assertEquals(2, policy.redundant());
  }

  @Test
  void absurdReportsDoNoHarm() {
    var policy = new RedPolicy();
    policy.onReport(Double.NaN, 0);
    policy.onReport(Double.NEGATIVE_INFINITY, 0);
    assertEquals(0, policy.redundant());
    policy.onReport(Double.POSITIVE_INFINITY, 0);
    assertEquals(RedPolicy.MOST_REDUNDANT, policy.redundant());
  }
}
