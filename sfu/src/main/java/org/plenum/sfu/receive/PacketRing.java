package org.plenum.sfu.receive;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.plenum.sfu.Codec;

/// Hands packets from one thread's [PacketCache]s to another's: bounded, without a lock, and
/// without an allocation per packet. One thread writes, one reads; a packet that finds no room is
/// refused, so that a slow reader costs the writer no more than a fast one. Each packet is copied
/// in and out once, with all that is known of it, so that nobody has to read it again.
public final class PacketRing {
  /// More than a tenth of a second of 150 Mb/s: a worker that is away for longer drops anyway.
  private static final int USUAL_BYTES = 2 << 20;

  private static final int USUAL_PACKETS = 4096;

  private final byte[] bytes;
  private final int mask;
  private final int[] streams;
  private final long[] numbers;
  private final int[] heights;
  private final boolean[] firsts;
  private final long[] arrivals;
  private final long[] positions;
  private final PacketDescriptions known;

  /// Packets written and read in all; each has one writer.
  private final AtomicLong written = new AtomicLong();

  private final AtomicLong read = new AtomicLong();

  /// Where the bytes end that may be overwritten: counts up for ever, as positions do.
  private final AtomicLong freed = new AtomicLong();

  /// The writer's own: where the next packet's bytes go.
  private long writePosition;

  /// The writer's own: what [#takeWritten] said last.
  private long flushed;

  /// The reader's own: the place of the packet that [#next] found.
  private int place;

  public PacketRing() {
    this(USUAL_BYTES, USUAL_PACKETS);
  }

  /// @param packets a power of two
  public PacketRing(int capacityBytes, int packets) {
    if (Integer.bitCount(packets) != 1) {
      throw new IllegalArgumentException("not a power of two: " + packets);
    }
    bytes = new byte[capacityBytes];
    mask = packets - 1;
    streams = new int[packets];
    numbers = new long[packets];
    heights = new int[packets];
    firsts = new boolean[packets];
    arrivals = new long[packets];
    positions = new long[packets];
    known = new PacketDescriptions(packets);
  }

  // The writer's side.

  /// Copies a packet out of a cache. The writer's thread.
  ///
  /// @param stream says to the reader which stream it is of
  /// @param number the packet's, unwrapped
  /// @param height of the picture that begins with it, in pixels; 0 if none does, or if unknown
  /// @param isFirst whether packets of the stream before it were left out on purpose
  /// @return false if there is no room
  public boolean offer(
      int stream, long number, PacketCache from, int entry, int height, boolean isFirst) {
    int to = reserve(from.length(entry));
    if (to < 0) {
      return false;
    }
    known.copy(from.known(), entry, to);
    commit(
        stream,
        number,
        height,
        isFirst,
        from.arrivalNanos(entry),
        from.bytes(),
        from.extensionsOffset(entry));
    return true;
  }

  /// Finds room for a packet: the caller describes it in this place, then calls [#commit]. The
  /// writer's thread.
  ///
  /// @param length of extensions and payload
  /// @return the place, or -1 if there is no room
  int reserve(int length) {
    long count = written.getPlain();
    if (count - read.getAcquire() > mask || length > bytes.length) {
      return -1;
    }
    long position = writePosition;
    long at = position % bytes.length;
    if (at + length > bytes.length) {
      position += bytes.length - at;
    }
    if (position + length - freed.getAcquire() > bytes.length) {
      return -1;
    }
    int to = (int) count & mask;
    positions[to] = position;
    return to;
  }

  /// Lets the reader have the packet whose place was reserved last and has been described.
  void commit(
      int stream,
      long number,
      int height,
      boolean isFirst,
      long arrivalNanos,
      MemorySegment from,
      long offset) {
    long count = written.getPlain();
    int to = (int) count & mask;
    int length = known.length(to);
    MemorySegment.copy(
        from, ValueLayout.JAVA_BYTE, offset, bytes, (int) (positions[to] % bytes.length), length);
    streams[to] = stream;
    numbers[to] = number;
    heights[to] = height;
    firsts[to] = isFirst;
    arrivals[to] = arrivalNanos;
    writePosition = positions[to] + length;
    written.setRelease(count + 1);
  }

  /// What is known of its packets, by place.
  PacketDescriptions known() {
    return known;
  }

  /// Whether something was written since the last call. The writer's thread.
  public boolean takeWritten() {
    boolean isNew = written.getPlain() != flushed;
    flushed = written.getPlain();
    return isNew;
  }

  // The reader's side.

  /// Goes to the oldest packet that waits; it is the one that the methods below speak of, until
  /// [#release]. The reader's thread.
  ///
  /// @return false if none waits
  public boolean next() {
    long count = read.getPlain();
    if (count == written.getAcquire()) {
      return false;
    }
    place = (int) count & mask;
    return true;
  }

  /// Where it stands in [#known].
  int place() {
    return place;
  }

  /// Bytes of its extensions and its payload.
  public int length() {
    return known.length(place);
  }

  /// Copies its extensions and its payload.
  void copyBytes(MemorySegment to, long at) {
    MemorySegment.copy(
        bytes,
        (int) (positions[place] % bytes.length),
        to,
        ValueLayout.JAVA_BYTE,
        at,
        known.length(place));
  }

  /// Of which stream it is, as the writer said.
  public int stream() {
    return streams[place];
  }

  public long number() {
    return numbers[place];
  }

  public int timestamp() {
    return known.timestamps[place];
  }

  public int height() {
    return heights[place];
  }

  public boolean isFirst() {
    return firsts[place];
  }

  /// When it came to the writer's side, by the monotonic clock of this machine.
  public long arrivalNanos() {
    return arrivals[place];
  }

  /// The first byte of one of its header extensions, unsigned; -1 if it has none like that.
  ///
  /// @param ordinal of [org.plenum.sfu.rtp.HeaderExtension]
  public int extension(int ordinal) {
    int at = (int) (positions[place] % bytes.length);
    int end = at + known.extensionLengths[place];
    while (at < end) {
      int length = bytes[at + 1] & 0xFF;
      if (bytes[at] == ordinal && length > 0) {
        return bytes[at + 2] & 0xFF;
      }
      at += 2 + length;
    }
    return -1;
  }

  public int payloadLength() {
    return known.payloadLengths[place];
  }

  public Codec codec() {
    return Objects.requireNonNull(known.codecs[place]);
  }

  /// Enters it into a cache of the reader's.
  ///
  /// @return the entry, or [PacketCache#NOT_FOUND] as [PacketCache#add] says
  public int copyInto(PacketCache cache, long nowNanos) {
    int extensions = known.extensionLengths[place];
    int payload = known.payloadLengths[place];
    int entry = cache.add(numbers[place], known.timestamps[place], extensions, payload, nowNanos);
    if (entry != PacketCache.NOT_FOUND) {
      MemorySegment.copy(
          bytes,
          (int) (positions[place] % bytes.length),
          cache.bytes(),
          ValueLayout.JAVA_BYTE,
          cache.extensionsOffset(entry),
          extensions + payload);
      cache.known().copy(known, place, entry);
    }
    return entry;
  }

  /// It has been read: its place is free.
  public void release() {
    freed.setRelease(positions[place] + known.length(place));
    read.setRelease(read.getPlain() + 1);
  }
}
