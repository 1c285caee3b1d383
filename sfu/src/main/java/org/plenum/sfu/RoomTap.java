package org.plenum.sfu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What an observer gets of a room's media: the hand-off between the room's worker and one thread
/// of the observer's. The worker copies packets of those streams that are wanted into a ring of
/// fixed size; what finds no room there is dropped and counted, so that a slow observer costs the
/// worker no more than a fast one. No lock, and nobody is woken: the observer looks when it likes.
///
/// What is true of the room (its streams, who speaks) is not queued: it is there to be read, and
/// the latest replaces what was before.
public final class RoomTap {
  /// What an observer does with the media: everybody in the room is told.
  public enum Purpose {
    BROADCAST,
    RECORDING
  }

  /// Of packets that wait to be read: more than a second of three layers at 5 Mb/s together.
  private static final int USUAL_BYTES = 1 << 20;

  private static final int USUAL_PACKETS = 2048;

  private final Purpose purpose;
  private final Set<CodecName> codecs;
  private final byte[] bytes;
  private final int mask;
  private final @Nullable TappedStream[] streams;
  private final @Nullable CodecName[] packetCodecs;
  private final long[] sequenceNumbers;
  private final int[] timestamps;
  private final boolean[] markers;
  private final long[] arrivals;
  private final long[] positions;
  private final int[] lengths;

  /// Packets written and read in all; each has one writer.
  private final AtomicLong written = new AtomicLong();

  private final AtomicLong read = new AtomicLong();

  /// Where the bytes end that may be overwritten: counts up for ever, as positions do.
  private final AtomicLong freed = new AtomicLong();

  /// The worker's own: where the next packet's bytes go.
  private long writePosition;

  private volatile List<TappedStream> present = List.of();
  private volatile List<ParticipantId> speakers = List.of();
  private volatile boolean closed;
  private volatile boolean ended;

  /// @param codecs what the observer can use; publishers are asked to send one of these if every
  ///     viewer can decode it
  public RoomTap(Purpose purpose, Set<CodecName> codecs) {
    this(purpose, codecs, USUAL_BYTES, USUAL_PACKETS);
  }

  /// @param packets a power of two
  RoomTap(Purpose purpose, Set<CodecName> codecs, int capacityBytes, int packets) {
    this.purpose = purpose;
    this.codecs = Set.copyOf(codecs);
    bytes = new byte[capacityBytes];
    mask = packets - 1;
    streams = new @Nullable TappedStream[packets];
    packetCodecs = new @Nullable CodecName[packets];
    sequenceNumbers = new long[packets];
    timestamps = new int[packets];
    markers = new boolean[packets];
    arrivals = new long[packets];
    positions = new long[packets];
    lengths = new int[packets];
  }

  public Purpose purpose() {
    return purpose;
  }

  /// Whether the observer can use what is sent in this codec.
  public boolean takes(Codec codec) {
    return takes(codec.name());
  }

  /// The same of any codec of that name.
  public boolean takes(CodecName codec) {
    return codecs.contains(codec);
  }

  // The observer's side.

  /// Hands over the packets that wait, in the order in which they came, but not more than `most`.
  /// One thread.
  ///
  /// @return how many there were
  public int read(int most, Consumer<TappedPacket> reader) {
    long from = read.getPlain();
    long to = Math.min(written.getAcquire(), from + most);
    for (long number = from; number < to; number++) {
      int place = (int) number & mask;
      byte[] payload = new byte[lengths[place]];
      int at = (int) (positions[place] % bytes.length);
      System.arraycopy(bytes, at, payload, 0, payload.length);
      var packet =
          new TappedPacket(
              Objects.requireNonNull(streams[place]),
              sequenceNumbers[place],
              timestamps[place],
              markers[place],
              Objects.requireNonNull(packetCodecs[place]),
              payload,
              arrivals[place]);
      freed.setRelease(positions[place] + payload.length);
      read.setRelease(number + 1);
      reader.accept(packet);
    }
    return (int) (to - from);
  }

  /// The streams that there are now, of what others may see and hear.
  public List<TappedStream> streams() {
    return present;
  }

  /// Who speaks now, the dominant speaker first.
  public List<ParticipantId> speakers() {
    return speakers;
  }

  /// The observer wants nothing more: the room lets go of it within 10 ms. Idempotent.
  public void close() {
    closed = true;
  }

  /// Whether the room has let go of it, because it closed or because [#close] was called.
  public boolean isEnded() {
    return ended;
  }

  // The worker's side.

  /// Copies a packet for the observer. Worker's thread.
  ///
  /// @param payload where the bytes are, from `offset` on; copied during the call
  /// @return false if there is no room
  public boolean offer(
      TappedStream stream,
      CodecName codec,
      long sequenceNumber,
      int timestamp,
      boolean marker,
      MemorySegment payload,
      long offset,
      int length,
      long arrivalNanos) {
    long number = written.getPlain();
    if (number - read.getAcquire() > mask || length > bytes.length) {
      return false;
    }
    long position = writePosition;
    long at = position % bytes.length;
    if (at + length > bytes.length) {
      position += bytes.length - at;
    }
    if (position + length - freed.getAcquire() > bytes.length) {
      return false;
    }
    int place = (int) number & mask;
    MemorySegment.copy(
        payload, ValueLayout.JAVA_BYTE, offset, bytes, (int) (position % bytes.length), length);
    streams[place] = stream;
    packetCodecs[place] = codec;
    sequenceNumbers[place] = sequenceNumber;
    timestamps[place] = timestamp;
    markers[place] = marker;
    arrivals[place] = arrivalNanos;
    positions[place] = position;
    lengths[place] = length;
    writePosition = position + length;
    written.setRelease(number + 1);
    return true;
  }

  /// There are other streams now. Worker's thread.
  public void streams(List<TappedStream> all) {
    present = List.copyOf(all);
  }

  /// Others speak now. Worker's thread.
  public void speakers(List<ParticipantId> now) {
    speakers = List.copyOf(now);
  }

  /// Whether the observer wants nothing more.
  public boolean isClosed() {
    return closed;
  }

  /// The room has let go of it. Worker's thread.
  public void end() {
    present = List.of();
    speakers = List.of();
    ended = true;
  }
}
