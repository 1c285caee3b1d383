package org.plenum.sfu.receive;

import java.util.Arrays;
import org.plenum.ice.NanoTime;
import org.plenum.sfu.rtp.SequenceNumbers;

/// Writes the feedback from which a publisher's congestion control learns when each of its packets
/// arrived (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1). Without it a browser's rate
/// never rises. No clock, no allocation after construction; one thread.
///
/// Messages are spaced so that they take a twentieth of the bandwidth that arrives, as libwebrtc's
/// do; each speaks of a bounded number of packets. A jump of the numbers beyond what is remembered
/// was no loss: nothing is said of what is missing in it.
public final class TransportCcGenerator {
  /// Between two messages while packets arrive. Libwebrtc's senders expect 50 to 250 ms.
  private static final long LEAST_INTERVAL_NANOS = 50_000_000L;

  private static final long MOST_INTERVAL_NANOS = 250_000_000L;

  /// An ordinary message with all that is around it, down to IP.
  private static final int MESSAGE_BITS = 68 * 8;

  /// Of the bandwidth, a twentieth is for feedback.
  private static final int BANDWIDTH_DIVISOR = 20;

  /// Until this much of the publisher's bandwidth is known, it is told as often as possible: that
  /// is when its rate rises.
  private static final long FIRST_LOOK_NANOS = 1_000_000_000L;

  /// Packets remembered, and most that one message reports on.
  private static final int WINDOW = 1024;

  /// A message must fit into one RTCP packet of a datagram.
  public static final int MAX_FCI_BYTES = 1100;

  private static final long NOT_RECEIVED = Long.MIN_VALUE;
  private static final long DELTA_NANOS = 250_000L;
  private static final long REFERENCE_NANOS = 64_000_000L;
  private static final int HEADER_BYTES = 8;
  private static final int SYMBOLS_PER_VECTOR = 7;
  private static final int NO_PACKET = 0;
  private static final int SMALL_DELTA = 1;
  private static final int LARGE_DELTA = 2;

  /// Since the first packet, so that the reference times run on when the clock wraps around.
  private final long[] arrivals = new long[WINDOW];

  private final byte[] symbols = new byte[WINDOW];
  private final short[] deltas = new short[WINDOW];

  private final ByteRate rate = new ByteRate();
  private boolean started;
  private long startNanos;
  private long next;
  private long highest;
  private int messageCount;
  private long dueNanos = NanoTime.NEVER;

  public TransportCcGenerator() {
    Arrays.fill(arrivals, NOT_RECEIVED);
  }

  /// Notes the arrival of a packet with this transport-wide sequence number (16 bits); of two with
  /// the same, the first counts. One that was reported as lost is reported again, with all after
  /// it, as libwebrtc does.
  ///
  /// @param lengthBytes of the datagram
  public void onPacket(int sequenceNumber, int lengthBytes, long nowNanos) {
    rate.add(lengthBytes, nowNanos);
    if (!started) {
      started = true;
      startNanos = nowNanos;
      // One cycle up, so that unwrapping backwards stays positive.
      highest = 65_536L + sequenceNumber;
      next = highest;
    }
    long unwrapped = SequenceNumbers.unwrap(sequenceNumber, highest);
    if (unwrapped <= highest - WINDOW) {
      return;
    }
    if (unwrapped - highest >= WINDOW) {
      Arrays.fill(arrivals, NOT_RECEIVED);
      highest = unwrapped;
      next = unwrapped;
    }
    while (highest < unwrapped) {
      highest++;
      if (highest - next >= WINDOW) {
        next = highest - WINDOW + 1;
      }
      arrivals[index(highest)] = NOT_RECEIVED;
    }
    if (arrivals[index(unwrapped)] != NOT_RECEIVED) {
      return;
    }
    arrivals[index(unwrapped)] = nowNanos - startNanos;
    next = Math.min(next, unwrapped);
    if (dueNanos == NanoTime.NEVER) {
      dueNanos = NanoTime.after(nowNanos, intervalNanos(nowNanos));
    }
  }

  private long intervalNanos(long nowNanos) {
    if (rate.ageNanos(nowNanos) < FIRST_LOOK_NANOS) {
      return LEAST_INTERVAL_NANOS;
    }
    long feedbackBps = Math.max(1, rate.bitsPerSecond(nowNanos) / BANDWIDTH_DIVISOR);
    return Math.clamp(
        MESSAGE_BITS * 1_000_000_000L / feedbackBps, LEAST_INTERVAL_NANOS, MOST_INTERVAL_NANOS);
  }

  /// Whether [#write] should be called now.
  public boolean isDue(long nowNanos) {
    return NanoTime.isDue(dueNanos, nowNanos);
  }

  /// Writes one message from the base sequence number field on. Call again while [#isDue] stays
  /// true: deltas that do not fit start a new message.
  ///
  /// @param into at least [#MAX_FCI_BYTES]
  /// @return bytes written, 0 if there was nothing to report
  public int write(byte[] into, long nowNanos) {
    long first = firstReceived();
    if (first == NOT_RECEIVED) {
      dueNanos = NanoTime.NEVER;
      return 0;
    }
    long reference = Math.floorDiv(arrivals[index(first)], REFERENCE_NANOS);
    int statusCount = collect(reference);
    int length = HEADER_BYTES;
    writeUnsigned16(into, 0, (int) next);
    writeUnsigned16(into, 2, statusCount);
    into[4] = (byte) (reference >>> 16);
    into[5] = (byte) (reference >>> 8);
    into[6] = (byte) reference;
    into[7] = (byte) messageCount++;
    length = writeChunks(into, length, statusCount);
    length = writeDeltas(into, length, statusCount);
    next += statusCount;
    dueNanos = next > highest ? NanoTime.NEVER : NanoTime.after(nowNanos, 0);
    return length;
  }

  private long firstReceived() {
    for (long number = next; number <= highest; number++) {
      if (arrivals[index(number)] != NOT_RECEIVED) {
        return number;
      }
    }
    return NOT_RECEIVED;
  }

  /// Fills symbols and deltas from `next` on, as far as one message goes.
  private int collect(long reference) {
    long previous = reference * REFERENCE_NANOS;
    int count = 0;
    int size = HEADER_BYTES;
    for (long number = next; number <= highest && count < WINDOW; number++) {
      long arrival = arrivals[index(number)];
      int symbol = NO_PACKET;
      if (arrival != NOT_RECEIVED) {
        long delta = Math.floorDiv(arrival - previous, DELTA_NANOS);
        if (delta != (short) delta) {
          break;
        }
        symbol = delta >= 0 && delta <= 255 ? SMALL_DELTA : LARGE_DELTA;
        deltas[count] = (short) delta;
        previous += delta * DELTA_NANOS;
      }
      size += symbol;
      // Every seven symbols cost two bytes of chunk at most.
      if (size + 2 * (count / SYMBOLS_PER_VECTOR + 1) > MAX_FCI_BYTES) {
        break;
      }
      symbols[count++] = (byte) symbol;
    }
    return count;
  }

  private int writeChunks(byte[] into, int at, int statusCount) {
    int i = 0;
    while (i < statusCount) {
      int run = runLength(i, statusCount);
      if (run >= SYMBOLS_PER_VECTOR || i + run == statusCount) {
        writeUnsigned16(into, at, symbols[i] << 13 | run);
        i += run;
      } else {
        int chunk = 0xC000;
        for (int k = 0; k < SYMBOLS_PER_VECTOR; k++) {
          int symbol = i + k < statusCount ? symbols[i + k] : NO_PACKET;
          chunk |= symbol << (2 * (SYMBOLS_PER_VECTOR - 1 - k));
        }
        writeUnsigned16(into, at, chunk);
        i += SYMBOLS_PER_VECTOR;
      }
      at += 2;
    }
    return at;
  }

  private int runLength(int from, int statusCount) {
    int end = from + 1;
    while (end < statusCount && symbols[end] == symbols[from] && end - from < 0x1FFF) {
      end++;
    }
    return end - from;
  }

  private int writeDeltas(byte[] into, int at, int statusCount) {
    for (int i = 0; i < statusCount; i++) {
      if (symbols[i] == SMALL_DELTA) {
        into[at++] = (byte) deltas[i];
      } else if (symbols[i] == LARGE_DELTA) {
        writeUnsigned16(into, at, deltas[i]);
        at += 2;
      }
    }
    return at;
  }

  private static int index(long number) {
    return (int) (number & (WINDOW - 1));
  }

  private static void writeUnsigned16(byte[] into, int at, int value) {
    into[at] = (byte) (value >>> 8);
    into[at + 1] = (byte) value;
  }
}
