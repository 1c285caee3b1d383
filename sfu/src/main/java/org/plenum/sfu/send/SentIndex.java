package org.plenum.sfu.send;

import java.util.Arrays;

/// Finds what was sent on one stream by the stream's own sequence number, as NACKs name it: the
/// transport-wide number under which that packet was sent last. Grows while what it would forget
/// is still kept. Allocates nothing in steady state. One thread.
public final class SentIndex {
  private static final int FIRST_CAPACITY = 32;

  /// No transport-wide number is negative.
  private static final long NONE = -1;

  private final SentPackets<?> sent;
  private long[] numbers = new long[0];

  /// @param sent what is sent on this stream and on others
  public SentIndex(SentPackets<?> sent) {
    this.sent = sent;
  }

  /// Notes that the packet with this sequence number of the stream (unwrapped) was sent under the
  /// transport-wide `number`, for the first time or again.
  public void put(long sequenceNumber, long number) {
    if (numbers.length == 0) {
      numbers = new long[FIRST_CAPACITY];
      Arrays.fill(numbers, NONE);
    }
    while (isTakenByAnother(sequenceNumber) && numbers.length < SentPackets.MOST) {
      grow();
    }
    numbers[place(sequenceNumber)] = number;
  }

  /// The entry in [SentPackets] of the packet with this sequence number, as it was sent last; or
  /// [SentPackets#NOT_FOUND].
  ///
  /// @param sequenceNumber 16 bits
  public int find(int sequenceNumber) {
    int entry =
        numbers.length == 0 ? SentPackets.NOT_FOUND : sent.find(numbers[place(sequenceNumber)]);
    boolean isIt =
        entry != SentPackets.NOT_FOUND
            && (int) (sent.sequenceNumber(entry) & 0xFFFF) == sequenceNumber;
    return isIt ? entry : SentPackets.NOT_FOUND;
  }

  /// Whether the packet with this sequence number of the stream (unwrapped) was sent under the
  /// transport-wide `number` last, and not again since.
  public boolean isLatest(long sequenceNumber, long number) {
    return numbers.length > 0 && numbers[place(sequenceNumber)] == number;
  }

  private boolean isTakenByAnother(long sequenceNumber) {
    long number = numbers[place(sequenceNumber)];
    int entry = sent.hasForgotten(number) ? SentPackets.NOT_FOUND : sent.find(number);
    return entry != SentPackets.NOT_FOUND && sent.sequenceNumber(entry) != sequenceNumber;
  }

  private void grow() {
    long[] former = numbers;
    numbers = new long[2 * former.length];
    Arrays.fill(numbers, NONE);
    for (long number : former) {
      int entry = sent.find(number);
      if (entry != SentPackets.NOT_FOUND) {
        numbers[place(sent.sequenceNumber(entry))] = number;
      }
    }
  }

  private int place(long sequenceNumber) {
    return (int) sequenceNumber & (numbers.length - 1);
  }
}
