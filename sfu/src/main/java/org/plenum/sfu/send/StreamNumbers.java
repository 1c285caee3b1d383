package org.plenum.sfu.send;

import java.util.Arrays;

/// Under which transport-wide number each packet of one SSRC was sent, by the SSRC's own sequence
/// number: feedback that names packets by stream (RFC 8888) is matched by it. Grows while what it
/// would forget is still kept in [SentPackets]; allocates nothing in steady state. One thread.
public final class StreamNumbers {
  /// [#find]: not there, or not any more. No transport-wide number is negative.
  public static final long NOT_FOUND = -1;

  private static final int FIRST_CAPACITY = 64;

  private final SentPackets<?> sent;
  private long[] sequenceNumbers = new long[FIRST_CAPACITY];
  private long[] numbers = new long[FIRST_CAPACITY];

  public StreamNumbers(SentPackets<?> sent) {
    this.sent = sent;
    Arrays.fill(numbers, NOT_FOUND);
  }

  /// A packet was sent.
  ///
  /// @param sequenceNumber of its SSRC, unwrapped
  /// @param number transport-wide, unwrapped
  public void put(long sequenceNumber, long number) {
    while (isTakenByAnother(sequenceNumber) && numbers.length < SentPackets.MOST) {
      grow();
    }
    sequenceNumbers[place(sequenceNumber)] = sequenceNumber;
    numbers[place(sequenceNumber)] = number;
  }

  /// The transport-wide number of a packet, or [#NOT_FOUND].
  ///
  /// @param sequenceNumber 16 bits
  public long find(int sequenceNumber) {
    int at = place(sequenceNumber);
    boolean isIt = (int) (sequenceNumbers[at] & 0xFFFF) == sequenceNumber;
    return isIt ? numbers[at] : NOT_FOUND;
  }

  private boolean isTakenByAnother(long sequenceNumber) {
    int at = place(sequenceNumber);
    return sequenceNumbers[at] != sequenceNumber && sent.find(numbers[at]) != SentPackets.NOT_FOUND;
  }

  private void grow() {
    long[] formerSequenceNumbers = sequenceNumbers;
    long[] former = numbers;
    sequenceNumbers = new long[2 * former.length];
    numbers = new long[2 * former.length];
    Arrays.fill(numbers, NOT_FOUND);
    for (int i = 0; i < former.length; i++) {
      if (former[i] != NOT_FOUND) {
        sequenceNumbers[place(formerSequenceNumbers[i])] = formerSequenceNumbers[i];
        numbers[place(formerSequenceNumbers[i])] = former[i];
      }
    }
  }

  private int place(long sequenceNumber) {
    return (int) sequenceNumber & (numbers.length - 1);
  }
}
