package org.plenum.sfu.send;

import org.jspecify.annotations.Nullable;
import org.plenum.sfu.forward.Layer;

/// A bounded queue of references to cached packets that wait to be sent to one viewer: never the
/// packets themselves. Grows to its bound, allocates nothing in steady state. One thread.
///
/// What an entry belongs to, its stream and layer, is opened once ([#open]) and then named by a
/// number.
///
/// @param <S> the streams that packets are sent on
public final class PacketReferences<S> {
  /// Packets that may wait for one viewer.
  public static final int MOST = 8192;

  /// Names no stream and layer; [#release] takes it.
  public static final int NO_ORIGIN = Interned.NONE;

  private static final int FIRST_CAPACITY = 16;

  // An entry's words: they lie together, for whatever touches one touches all.
  private static final int WORDS_SHIFT = 2;
  private static final int SEQUENCE_NUMBER = 0;
  private static final int OMITTED = 1;

  /// Origin in the upper half, then length, then 8 bits of flags.
  private static final int REST = 2;

  private static final int LENGTH_SHIFT = 8;
  private static final int ORIGIN_SHIFT = 32;

  private final Interned<Origin<S>> origins = new Interned<>();
  private long[] words = new long[FIRST_CAPACITY << WORDS_SHIFT];
  private int head;
  private int count;
  private long bytes;

  private record Origin<S>(S stream, Layer layer) {}

  /// What packets are to be added of, until [#release].
  ///
  /// @return its number, for [#add]
  public int open(S stream, Layer layer) {
    return origins.open(new Origin<>(stream, layer));
  }

  /// No more packets are added of this; those that wait stay.
  public void release(int origin) {
    origins.release(origin);
  }

  /// Appends a reference.
  ///
  /// @param origin of [#open]
  /// @param sequenceNumber the layer's, unwrapped
  /// @param omittedBefore what the slot left out of the layer before it, as
  ///     [org.plenum.sfu.forward.Omitted] packs it
  /// @param lengthBytes of the packet, less than 2^15
  /// @param flagBits seven of them
  /// @return false if the queue is full
  public boolean add(
      int origin, long sequenceNumber, long omittedBefore, int lengthBytes, int flagBits) {
    if (count == capacity() && !grow()) {
      return false;
    }
    origins.hold(origin);
    append(
        sequenceNumber,
        omittedBefore,
        (long) origin << ORIGIN_SHIFT | (long) lengthBytes << LENGTH_SHIFT | flagBits);
    bytes += lengthBytes;
    return true;
  }

  private void append(long sequenceNumber, long omittedBefore, long rest) {
    int at = (head + count & capacity() - 1) << WORDS_SHIFT;
    words[at + SEQUENCE_NUMBER] = sequenceNumber;
    words[at + OMITTED] = omittedBefore;
    words[at + REST] = rest;
    count++;
  }

  private int capacity() {
    return words.length >> WORDS_SHIFT;
  }

  public boolean isEmpty() {
    return count == 0;
  }

  public int size() {
    return count;
  }

  /// Bytes of all packets referred to, headers not included.
  public long bytes() {
    return bytes;
  }

  /// Stream of the first reference; the queue must not be empty.
  public S stream() {
    return origin().stream();
  }

  public Layer layer() {
    return origin().layer();
  }

  private Origin<S> origin() {
    @Nullable Origin<S> origin =
        count == 0 ? null : origins.get((int) (word(REST) >>> ORIGIN_SHIFT));
    if (origin == null) {
      throw new IllegalStateException("queue is empty");
    }
    return origin;
  }

  public long sequenceNumber() {
    return word(SEQUENCE_NUMBER);
  }

  public long omittedBefore() {
    return word(OMITTED);
  }

  public int flags() {
    return (byte) word(REST);
  }

  public int lengthBytes() {
    return (int) word(REST) >> LENGTH_SHIFT;
  }

  private long word(int which) {
    return words[(head << WORDS_SHIFT) + which];
  }

  /// Removes the first reference.
  public void remove() {
    origins.release((int) (word(REST) >>> ORIGIN_SHIFT));
    bytes -= lengthBytes();
    head = head + 1 & capacity() - 1;
    count--;
  }

  /// Makes the first reference the last.
  public void moveToEnd() {
    long sequenceNumber = sequenceNumber();
    long omittedBefore = omittedBefore();
    long rest = word(REST);
    head = head + 1 & capacity() - 1;
    count--;
    append(sequenceNumber, omittedBefore, rest);
  }

  private boolean grow() {
    if (capacity() >= MOST) {
      return false;
    }
    long[] longer = new long[2 * words.length];
    int first = head << WORDS_SHIFT;
    System.arraycopy(words, first, longer, 0, words.length - first);
    System.arraycopy(words, 0, longer, words.length - first, first);
    words = longer;
    head = 0;
    return true;
  }
}
