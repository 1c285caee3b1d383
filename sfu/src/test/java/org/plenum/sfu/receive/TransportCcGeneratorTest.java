package org.plenum.sfu.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.plenum.ice.NanoTime;
import org.plenum.sfu.rtcp.TransportCcFeedbackReader;
import org.plenum.sfu.rtp.SequenceNumbers;

class TransportCcGeneratorTest {
  private static final long MILLI = 1_000_000;

  /// The reader's times wrap around here.
  private static final long CYCLE_NANOS = (1L << 24) * 64 * MILLI;

  private final TransportCcGenerator generator = new TransportCcGenerator();
  private final TransportCcFeedbackReader reader = new TransportCcFeedbackReader();
  private final byte[] fci = new byte[TransportCcGenerator.MAX_FCI_BYTES];
  private final Map<Long, Long> arrivals = new HashMap<>();
  private final Map<Long, Long> reported = new HashMap<>();
  private final List<Integer> statusCounts = new ArrayList<>();
  private long highest = 65_536;
  private long originNanos = Long.MIN_VALUE;
  private int lostReported;
  private int bytes = 1_200;

  private void receive(long number, long nowNanos) {
    if (originNanos == Long.MIN_VALUE) {
      originNanos = nowNanos;
      highest = number;
    }
    highest = Math.max(highest, number);
    arrivals.putIfAbsent(number, nowNanos);
    generator.onPacket((int) (number & 0xFFFF), bytes, nowNanos);
  }

  private int writeAllDue(long nowNanos) {
    int messages = 0;
    while (generator.isDue(nowNanos)) {
      int length = generator.write(fci, nowNanos);
      if (length == 0) {
        break;
      }
      messages++;
      read(length);
    }
    return messages;
  }

  private void read(int length) {
    assertTrue(length <= TransportCcGenerator.MAX_FCI_BYTES, length + " bytes");
    assertTrue(reader.parse(MemorySegment.ofArray(fci), 0, length));
    assertEquals(statusCounts.size() & 0xFF, reader.feedbackCount());
    statusCounts.add(reader.statusCount());
    reader.forEach(
        new TransportCcFeedbackReader.Handler() {
          @Override
          public void onPacketReceived(int sequenceNumber, int deltaTicks, long arrivalNanos) {
            onReported(SequenceNumbers.unwrap(sequenceNumber, highest), arrivalNanos);
          }

          @Override
          public void onPacketLost(int sequenceNumber) {
            lostReported++;
          }
        });
  }

  private void onReported(long number, long arrivalNanos) {
    Long arrival = arrivals.get(number);
    assertNotNull(arrival, "invented " + number);
    long error = Math.floorMod(arrival - originNanos - arrivalNanos, CYCLE_NANOS);
    assertTrue(error < 250_000, "packet " + number + " is off by " + error + " ns");
    reported.put(number, arrivalNanos);
  }

  @Test
  void reportsEveryArrivalAndInventsNone() {
    for (long seed = 0; seed < 30; seed++) {
      new TransportCcGeneratorTest().randomArrivals(seed);
    }
  }

  private void randomArrivals(long seed) {
    var random = new Random(seed);
    long start = seed % 3 == 0 ? Long.MAX_VALUE - 2_000 * MILLI : random.nextLong();
    double loss = random.nextDouble() * random.nextDouble();
    var link = new SimulatedLink<Long>(seed, loss, 0, 1 + random.nextLong(60 * MILLI));
    long now = start;
    long next = 65_536 + random.nextInt(65_536);
    for (int step = 0; step < 4_000; step++) {
      now += random.nextLong(3 * MILLI);
      if (random.nextInt(500) == 0) {
        now += random.nextLong(20_000 * MILLI); // silence, at times longer than a delta can say
      }
      for (int burst = random.nextInt(4); burst > 0; burst--) {
        link.send(next++, now);
      }
      long at = now;
      link.deliver(at, number -> receive(number, at));
      if (step % 10 == 0) {
        writeAllDue(now);
      }
    }
    long end = now + 200 * MILLI;
    link.deliver(end, number -> receive(number, end));
    writeAllDue(end + 250 * MILLI);
    assertEquals(arrivals.keySet(), reported.keySet(), "seed " + seed);
    assertTrue(statusCounts.size() > 50);
  }

  /// Milliseconds between two messages at an even bitrate, after two seconds of it.
  private long interval(long bitrateBps) {
    bytes = 200;
    long number = 70_000;
    long step = bytes * 8 * 1_000_000_000L / bitrateBps;
    List<Long> written = new ArrayList<>();
    for (long now = 0; now < 4_000 * MILLI; now += MILLI) {
      if (now >= (number - 70_000) * step) {
        receive(number++, now);
      }
      if (writeAllDue(now) > 0) {
        written.add(now / MILLI);
      }
    }
    List<Long> late = written.stream().filter(millis -> millis > 2_000).toList();
    return (late.getLast() - late.getFirst()) / (late.size() - 1);
  }

  @Test
  void feedbackTakesATwentiethOfTheBandwidth() {
    long interval = interval(100_000);
    // 108 ms for 68 bytes; a packet comes every 16 ms, and the rate is known to an eighth.
    assertTrue(interval >= 100 && interval <= 145, interval + " ms");
  }

  @Test
  void aSlowPublisherIsToldEveryQuarterOfASecondAllTheSame() {
    long interval = interval(16_000);
    assertTrue(interval >= 250 && interval <= 350, interval + " ms");
  }

  @Test
  void aFastPublisherIsToldEveryFiftyMilliseconds() {
    long interval = interval(3_000_000);
    assertTrue(interval >= 50 && interval <= 52, interval + " ms");
  }

  @Test
  void isDueFiftyMillisecondsAfterTheFirstArrivals() {
    assertFalse(generator.isDue(0));
    receive(70_000, 0);
    assertFalse(generator.isDue(49 * MILLI));
    assertEquals(1, writeAllDue(50 * MILLI));
    assertFalse(generator.isDue(10_000 * MILLI));
    receive(70_001, 10_000 * MILLI);
    assertTrue(generator.isDue(10_250 * MILLI));
  }

  @Test
  void deadlineThatFallsOnNeverStillComes() {
    receive(70_000, NanoTime.NEVER - 50 * MILLI);
    assertTrue(generator.isDue(NanoTime.NEVER + MILLI));
  }

  /// As libwebrtc: the report goes back to the late packet and repeats what came after it.
  @Test
  void packetReportedLostIsReportedWhenItComesLate() {
    receive(70_000, 0);
    receive(70_002, 0);
    writeAllDue(50 * MILLI);
    assertEquals(1, lostReported);
    receive(70_001, 60 * MILLI);
    writeAllDue(110 * MILLI);
    assertEquals(List.of(3, 2), statusCounts);
    assertEquals(arrivals.keySet(), reported.keySet());
  }

  @Test
  void firstArrivalOfANumberCounts() {
    receive(70_000, 0);
    receive(70_001, 10 * MILLI);
    receive(70_000, 20 * MILLI);
    writeAllDue(50 * MILLI);
    assertEquals(0, reported.get(70_000L));
    receive(70_001, 60 * MILLI);
    assertFalse(generator.isDue(1_000 * MILLI));
  }

  @Test
  void thousandLargeDeltasTakeSeveralMessages() {
    for (int i = 0; i < 1_000; i++) {
      receive(70_000 + i, i * 70 * MILLI);
    }
    assertTrue(writeAllDue(70_000 * MILLI) >= 2);
    assertEquals(arrivals.keySet(), reported.keySet());
  }

  @Test
  void manyLostInARowTakeOneRun() {
    receive(70_000, 0);
    receive(70_900, MILLI);
    assertEquals(1, writeAllDue(50 * MILLI));
    assertEquals(899, lostReported);
    assertEquals(arrivals.keySet(), reported.keySet());
  }

  /// Some publishers count on by chance when they begin anew. Whoever was told of a thousand losses
  /// would stop sending.
  @Test
  void jumpBeyondTheWindowIsNoLoss() {
    receive(70_000, 0);
    receive(90_000, 10 * MILLI);
    receive(70_001, 20 * MILLI); // too late to tell
    arrivals.remove(70_001L);
    arrivals.remove(70_000L); // so is this
    receive(90_002, 30 * MILLI);
    assertEquals(1, writeAllDue(50 * MILLI));
    assertEquals(List.of(3), statusCounts);
    assertEquals(1, lostReported);
    assertEquals(arrivals.keySet(), reported.keySet());
  }

  /// However the numbers jump, a message speaks of as many packets as are remembered at the most.
  @Test
  void noMessageSpeaksOfMoreThanIsRemembered() {
    var random = new Random(3);
    for (int i = 0; i < 20_000; i++) {
      long now = i * MILLI;
      generator.onPacket(random.nextInt(1 << 16), 1_200, now);
      while (generator.isDue(now)) {
        int length = generator.write(fci, now);
        if (length == 0) {
          break;
        }
        assertTrue(length <= TransportCcGenerator.MAX_FCI_BYTES);
        assertTrue(reader.parse(MemorySegment.ofArray(fci), 0, length));
        assertTrue(reader.statusCount() <= 1_024, reader.statusCount() + " packets");
      }
    }
  }

  @Test
  void referenceTimeOfTwentyFourBitsWrapsAround() {
    receive(70_000, 0);
    writeAllDue(50 * MILLI);
    long late = CYCLE_NANOS - 5 * MILLI;
    for (int i = 1; i < 20; i++) {
      receive(70_000 + i, late + i * MILLI);
    }
    writeAllDue(late + 300 * MILLI);
    assertEquals(arrivals.keySet(), reported.keySet());
  }

  @Test
  void countOfMessagesWrapsAround() {
    for (int i = 0; i < 600; i++) {
      receive(70_000 + i, i * 300 * MILLI);
      writeAllDue(i * 300 * MILLI + 250 * MILLI);
    }
    assertEquals(600, statusCounts.size());
  }
}
