package org.plenum.sfu.send;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.forward.Layer;

/// A bounded queue of references to cached packets that wait to be sent to one viewer: never the
/// packets themselves. Grows to its bound, allocates nothing in steady state. One thread.
///
/// @param <S> the streams that packets are sent on
public final class PacketReferences<S> {
  /// Packets that may wait for one viewer.
  public static final int MOST = 8192;

  private static final int FIRST_CAPACITY = 16;

  private @Nullable Object[] streams = new @Nullable Object[FIRST_CAPACITY];
  private @Nullable Layer[] layers = new @Nullable Layer[FIRST_CAPACITY];
  private long[] sequenceNumbers = new long[FIRST_CAPACITY];
  private long[] omitted = new long[FIRST_CAPACITY];
  private short[] lengths = new short[FIRST_CAPACITY];
  private byte[] flags = new byte[FIRST_CAPACITY];
  private int head;
  private int count;
  private long bytes;

  /// Appends a reference.
  ///
  /// @param sequenceNumber the layer's, unwrapped
  /// @param omittedBefore what the slot left out of the layer before it, as
  ///     [org.plenum.sfu.forward.Omitted] packs it
  /// @param lengthBytes of the packet, less than 2^15
  /// @return false if the queue is full
  public boolean add(
      S stream,
      Layer layer,
      long sequenceNumber,
      long omittedBefore,
      int lengthBytes,
      int flagBits) {
    if (count == streams.length && !grow()) {
      return false;
    }
    int tail = (head + count) & (streams.length - 1);
    streams[tail] = stream;
    layers[tail] = layer;
    sequenceNumbers[tail] = sequenceNumber;
    omitted[tail] = omittedBefore;
    lengths[tail] = (short) lengthBytes;
    flags[tail] = (byte) flagBits;
    bytes += lengthBytes;
    count++;
    return true;
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
  @SuppressWarnings("unchecked")
  public S stream() {
    return (S) present(streams[head]);
  }

  public Layer layer() {
    return present(layers[head]);
  }

  public long sequenceNumber() {
    return sequenceNumbers[head];
  }

  public long omittedBefore() {
    return omitted[head];
  }

  public int flags() {
    return flags[head];
  }

  public int lengthBytes() {
    return lengths[head];
  }

  /// Removes the first reference.
  public void remove() {
    streams[head] = null;
    layers[head] = null;
    bytes -= lengths[head];
    head = (head + 1) & (streams.length - 1);
    count--;
  }

  private static <T> T present(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("queue is empty");
    }
    return value;
  }

  private boolean grow() {
    int length = streams.length;
    if (length >= MOST) {
      return false;
    }
    var oldStreams = streams;
    var oldLayers = layers;
    streams = new @Nullable Object[2 * length];
    layers = new @Nullable Layer[2 * length];
    for (int i = 0; i < count; i++) {
      int from = (head + i) & (length - 1);
      streams[i] = oldStreams[from];
      layers[i] = oldLayers[from];
    }
    sequenceNumbers = unrolled(sequenceNumbers);
    omitted = unrolled(omitted);
    lengths = unrolled(lengths);
    flags = unrolled(flags);
    head = 0;
    return true;
  }

  /// A ring that is full, from its head on, at twice its size.
  private long[] unrolled(long[] ring) {
    long[] longer = Arrays.copyOfRange(ring, head, head + 2 * ring.length);
    System.arraycopy(ring, 0, longer, ring.length - head, head);
    return longer;
  }

  private short[] unrolled(short[] ring) {
    short[] longer = Arrays.copyOfRange(ring, head, head + 2 * ring.length);
    System.arraycopy(ring, 0, longer, ring.length - head, head);
    return longer;
  }

  private byte[] unrolled(byte[] ring) {
    byte[] longer = Arrays.copyOfRange(ring, head, head + 2 * ring.length);
    System.arraycopy(ring, 0, longer, ring.length - head, head);
    return longer;
  }
}
