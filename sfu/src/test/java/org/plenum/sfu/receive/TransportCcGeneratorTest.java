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

  private void receive(long number, long nowNanos) {
    if (originNanos == Long.MIN_VALUE) {
      originNanos = nowNanos;
      highest = number;
    }
    highest = Math.max(highest, number);
    arrivals.putIfAbsent(number, nowNanos);
    generator.onPacket((int) (number & 0xFFFF), nowNanos);
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
    writeAllDue(end + 60 * MILLI);
    assertEquals(arrivals.keySet(), reported.keySet(), "seed " + seed);
    assertTrue(statusCounts.size() > 50);
  }

  @Test
  void isDueFiftyMillisecondsAfterTheFirstArrivalThatIsNotReported() {
    assertFalse(generator.isDue(0));
    receive(70_000, 0);
    assertFalse(generator.isDue(49 * MILLI));
    assertEquals(1, writeAllDue(50 * MILLI));
    assertFalse(generator.isDue(10_000 * MILLI));
    receive(70_001, 10_000 * MILLI);
    assertTrue(generator.isDue(10_050 * MILLI));
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

  @Test
  void jumpBeyondTheWindowReportsWhatIsLeftInIt() {
    receive(70_000, 0);
    writeAllDue(50 * MILLI);
    receive(90_000, 100 * MILLI);
    receive(70_001, 110 * MILLI); // too late to tell
    arrivals.remove(70_001L);
    assertEquals(1, writeAllDue(150 * MILLI));
    assertEquals(1_024, statusCounts.getLast());
    assertEquals(arrivals.keySet(), reported.keySet());
  }

  @Test
  void referenceTimeOfTwentyFourBitsWrapsAround() {
    receive(70_000, 0);
    writeAllDue(50 * MILLI);
    long late = CYCLE_NANOS - 5 * MILLI;
    for (int i = 1; i < 20; i++) {
      receive(70_000 + i, late + i * MILLI);
    }
    writeAllDue(late + 100 * MILLI);
    assertEquals(arrivals.keySet(), reported.keySet());
  }

  @Test
  void countOfMessagesWrapsAround() {
    for (int i = 0; i < 600; i++) {
      receive(70_000 + i, i * 100 * MILLI);
      writeAllDue(i * 100 * MILLI + 50 * MILLI);
    }
    assertEquals(600, statusCounts.size());
  }
}
