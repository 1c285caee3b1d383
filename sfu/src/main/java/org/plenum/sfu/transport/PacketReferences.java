package org.plenum.sfu.transport;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.forward.Layer;

/// A bounded queue of references to cached packets that wait to be sent to one viewer: never
/// the packets themselves. Grows to its bound, allocates nothing in steady state. One thread.
///
/// @param <S> the streams that packets are sent on
public final class PacketReferences<S> {
  /// Packets that may wait for one viewer.
  public static final int MOST = 8192;

  private @Nullable Object[] streams = new @Nullable Object[16];
  private @Nullable Layer[] layers = new @Nullable Layer[16];
  private long[] sequenceNumbers = new long[16];
  private byte[] flags = new byte[16];
  private int head;
  private int count;

  /// @return false if the queue is full
  public boolean add(S stream, Layer layer, long sequenceNumber, int flagBits) {
    if (count == streams.length && !grow()) {
      return false;
    }
    int tail = (head + count) & (streams.length - 1);
    streams[tail] = stream;
    layers[tail] = layer;
    sequenceNumbers[tail] = sequenceNumber;
    flags[tail] = (byte) flagBits;
    count++;
    return true;
  }

  public boolean isEmpty() {
    return count == 0;
  }

  public int size() {
    return count;
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

  public int flags() {
    return flags[head];
  }

  /// Removes the first reference.
  public void remove() {
    streams[head] = null;
    layers[head] = null;
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
    long[] oldNumbers = sequenceNumbers;
    sequenceNumbers = Arrays.copyOf(sequenceNumbers, 2 * length);
    byte[] oldFlags = flags;
    flags = Arrays.copyOf(flags, 2 * length);
    for (int i = 0; i < count; i++) {
      int from = (head + i) & (length - 1);
      streams[i] = oldStreams[from];
      layers[i] = oldLayers[from];
      sequenceNumbers[i] = oldNumbers[from];
      flags[i] = oldFlags[from];
    }
    head = 0;
    return true;
  }
}
