package org.plenum.bench.client;

/// What a source sent lately, as much of it as is needed to build a packet again for a NACK. A ring
/// by sequence number; one thread.
final class SentPackets {
  private static final int PLACES = 1024; // a power of two; two seconds of a call's video

  private final long[] numbers = new long[PLACES];
  private final long[] counters = new long[PLACES];
  private final long[] stamps = new long[PLACES];
  private final int[] timestamps = new int[PLACES];
  private final int[] frames = new int[PLACES];
  private final short[] lengths = new short[PLACES];
  private final byte[] flags = new byte[PLACES];

  static final int FRAME_START = 1;
  static final int FRAME_END = 2;
  static final int KEY_FRAME = 4;
  static final int MEASURED = 8;
  static final int COUNTS = 16;

  /// @param number sequence number, unwrapped
  /// @return the place
  int add(long number, long counter, long nanos, int timestamp, int frame, int length, int flag) {
    int place = (int) number & PLACES - 1;
    numbers[place] = number;
    counters[place] = counter;
    stamps[place] = nanos;
    timestamps[place] = timestamp;
    frames[place] = frame;
    lengths[place] = (short) length;
    flags[place] = (byte) flag;
    return place;
  }

  /// The place of a packet, or -1 if it is gone.
  int find(long number) {
    int place = (int) number & PLACES - 1;
    return number > 0 && numbers[place] == number ? place : -1;
  }

  long number(int place) {
    return numbers[place];
  }

  long counter(int place) {
    return counters[place];
  }

  long nanos(int place) {
    return stamps[place];
  }

  int timestamp(int place) {
    return timestamps[place];
  }

  int frame(int place) {
    return frames[place];
  }

  /// Bytes of media, without any codec's descriptor.
  int length(int place) {
    return lengths[place];
  }

  int flags(int place) {
    return flags[place];
  }

  boolean has(int place, int flag) {
    return (flags[place] & flag) != 0;
  }
}
