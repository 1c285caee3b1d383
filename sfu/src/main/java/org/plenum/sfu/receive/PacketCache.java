package org.plenum.sfu.receive;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.plenum.sfu.Codec;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.rtp.NetworkOrder;

/// The latest packets of one layer in the clear, off-heap, by their unwrapped sequence number:
/// what slots send from, now and when a viewer asks again. An entry is the extensions worth
/// forwarding in compact form, then the payload. It is gone when younger packets needed its bytes
/// or its place; [#find] then says so. Worker's thread only, which must also close it.
///
/// Compact extensions: for each, one byte of [org.plenum.sfu.rtp.HeaderExtension] ordinal, one byte
/// of length, the data.
public final class PacketCache implements AutoCloseable {
  /// [#find]: not there, or not any more.
  public static final int NOT_FOUND = -1;

  /// A packet older than this is not sent again: the viewer has given it up.
  public static final long MAX_AGE_NANOS = 1_000_000_000L;

  /// What is kept for a second at 8 Mb/s ([#MAX_AGE_NANOS]): all that is sent again.
  private static final int VIDEO_BYTES = 1 << 20;

  /// As many as [ReceiveStream#WINDOW] tells from duplicates; 1000 bytes each.
  private static final int VIDEO_PACKETS = 1024;

  /// Sound is never sent again: it waits for the end of the turn, and for the next packets, in
  /// which it may be repeated. 256 kb/s for a second.
  private static final int AUDIO_BYTES = 32 << 10;

  /// At 20 ms each, 1.3 s.
  private static final int AUDIO_PACKETS = 64;

  private static final int MARKER = 1;
  private static final int KEY_FRAME_START = 2;
  private static final int FRAME_START = 4;

  private final Arena arena = Arena.ofConfined();
  private final long capacityBytes;
  private final long bytesMask;
  private final int mask;

  /// None before the first packet: many a layer that is known of never comes.
  private MemorySegment bytes = MemorySegment.NULL;

  private final long[] sequenceNumbers;
  private final long[] positions;
  private final long[] arrivalNanos;
  private final PacketDescriptions known;

  /// Where the next entry's bytes go; counts up for ever, the place are its lower bits.
  private long writePosition;

  /// Of the usual size.
  public static PacketCache of(MediaKind kind) {
    return switch (kind) {
      case VIDEO -> new PacketCache(VIDEO_BYTES, VIDEO_PACKETS);
      case AUDIO -> new PacketCache(AUDIO_BYTES, AUDIO_PACKETS);
    };
  }

  /// @param capacityBytes bytes of packets kept, a power of two
  /// @param capacityPackets a power of two
  public PacketCache(int capacityBytes, int capacityPackets) {
    if (Integer.bitCount(capacityBytes) != 1 || Integer.bitCount(capacityPackets) != 1) {
      throw new IllegalArgumentException(
          "not powers of two: " + capacityBytes + " bytes, " + capacityPackets + " packets");
    }
    this.capacityBytes = capacityBytes;
    this.bytesMask = capacityBytes - 1L;
    this.mask = capacityPackets - 1;
    sequenceNumbers = new long[capacityPackets];
    Arrays.fill(sequenceNumbers, Long.MIN_VALUE);
    positions = new long[capacityPackets];
    arrivalNanos = new long[capacityPackets];
    known = new PacketDescriptions(capacityPackets);
  }

  /// Reserves room for a packet and enters it; the caller then writes its bytes at
  /// [#extensionsOffset] and [#payloadOffset]. An older packet in the same place is replaced.
  ///
  /// @return the entry, or [#NOT_FOUND] if the packet is so late that a younger one has its place,
  /// or larger than the cache
  public int add(
      long sequenceNumber, int timestamp, int extensionLength, int payloadLength, long nowNanos) {
    int length = extensionLength + payloadLength;
    int entry = (int) sequenceNumber & mask;
    if (sequenceNumbers[entry] > sequenceNumber || length > capacityBytes) {
      return NOT_FOUND;
    }
    if (bytes.byteSize() == 0) {
      bytes = arena.allocate(capacityBytes, 64);
    }
    long place = writePosition & bytesMask;
    if (place + length > capacityBytes) {
      writePosition += capacityBytes - place;
    }
    sequenceNumbers[entry] = sequenceNumber;
    positions[entry] = writePosition;
    arrivalNanos[entry] = nowNanos;
    known.timestamps[entry] = timestamp;
    known.extensionLengths[entry] = (short) extensionLength;
    known.payloadLengths[entry] = (short) payloadLength;
    known.flags[entry] = 0;
    writePosition += length;
    return entry;
  }

  /// Completes what [#add] entered.
  ///
  /// @param codec the publisher's
  /// @param view of the payload
  /// @param keyFrameStart whether a decoder can start with this packet
  /// @param frameNumberOffset where the frame number of a dependency descriptor stands, in bytes
  /// from [#extensionsOffset]; -1 if there is none
  /// @param layersWithin which layers within the stream it belongs to: [FrameLayers]
  public void describe(
      int entry,
      Codec codec,
      boolean marker,
      PayloadView view,
      boolean keyFrameStart,
      int frameNumberOffset,
      long layersWithin) {
    known.codecs[entry] = codec;
    known.flags[entry] =
        (byte)
            ((marker ? MARKER : 0)
                | (view.isFrameStart() ? FRAME_START : 0)
                | (keyFrameStart ? KEY_FRAME_START : 0));
    known.pictureIds[entry] = (short) view.pictureId();
    known.pictureIdBits[entry] = (byte) view.pictureIdBits();
    known.pictureIdOffsets[entry] = (byte) view.pictureIdOffset();
    known.tl0PicIdxs[entry] = (short) view.tl0PicIdx();
    known.tl0PicIdxOffsets[entry] = (byte) view.tl0PicIdxOffset();
    known.frameNumberOffsets[entry] = (short) frameNumberOffset;
    known.layers[entry] = layersWithin;
  }

  /// What is known of its entries.
  PacketDescriptions known() {
    return known;
  }

  /// Sets the marker of a packet that did not come with it.
  public void mark(int entry) {
    known.flags[entry] |= MARKER;
  }

  /// The entry of a packet, or [#NOT_FOUND].
  public int find(long sequenceNumber) {
    int entry = (int) sequenceNumber & mask;
    boolean there =
        sequenceNumbers[entry] == sequenceNumber
            && positions[entry] >= writePosition - capacityBytes;
    return there ? entry : NOT_FOUND;
  }

  /// The memory that entries lie in.
  public MemorySegment bytes() {
    return bytes;
  }

  public long extensionsOffset(int entry) {
    return positions[entry] & bytesMask;
  }

  public int extensionsLength(int entry) {
    return known.extensionLengths[entry];
  }

  public long payloadOffset(int entry) {
    return (positions[entry] & bytesMask) + known.extensionLengths[entry];
  }

  public int payloadLength(int entry) {
    return known.payloadLengths[entry];
  }

  /// Extensions and payload together, in bytes.
  public int length(int entry) {
    return known.length(entry);
  }

  public int timestamp(int entry) {
    return known.timestamps[entry];
  }

  /// The publisher's codec, as [#describe] was told.
  public Codec codec(int entry) {
    Codec codec = known.codecs[entry];
    if (codec == null) {
      throw new IllegalStateException("packet was not described");
    }
    return codec;
  }

  /// The picture id of a VP8 or VP9 payload, -1 if it has none.
  public int pictureId(int entry) {
    return known.pictureIds[entry];
  }

  /// 7, 15, or 0 without a picture id.
  public int pictureIdBits(int entry) {
    return known.pictureIdBits[entry];
  }

  /// Bytes from the payload's start to the picture id.
  public int pictureIdOffset(int entry) {
    return known.pictureIdOffsets[entry];
  }

  /// TL0PICIDX of a VP8 or VP9 payload, -1 if it has none.
  public int tl0PicIdx(int entry) {
    return known.tl0PicIdxs[entry];
  }

  /// Bytes from the payload's start to TL0PICIDX.
  public int tl0PicIdxOffset(int entry) {
    return known.tl0PicIdxOffsets[entry];
  }

  /// Bytes from [#extensionsOffset] to the frame number of the dependency descriptor, -1 without
  /// one.
  public int frameNumberOffset(int entry) {
    return known.frameNumberOffsets[entry];
  }

  /// The frame number of the dependency descriptor, 16 bits; -1 without one.
  public int frameNumber(int entry) {
    int offset = known.frameNumberOffsets[entry];
    return offset < 0 ? -1 : NetworkOrder.u16(bytes, extensionsOffset(entry) + offset);
  }

  /// Which layers within the stream it belongs to: [FrameLayers].
  public long layers(int entry) {
    return known.layers[entry];
  }

  public boolean marker(int entry) {
    return (known.flags[entry] & MARKER) != 0;
  }

  /// Whether it begins a key frame: where a viewer can start.
  public boolean keyFrameStart(int entry) {
    return (known.flags[entry] & KEY_FRAME_START) != 0;
  }

  public boolean frameStart(int entry) {
    return (known.flags[entry] & FRAME_START) != 0;
  }

  /// Monotonic time at which it arrived.
  public long arrivalNanos(int entry) {
    return arrivalNanos[entry];
  }

  /// Frees the memory; from now on nothing is found. Idempotent.
  @Override
  public void close() {
    Arrays.fill(sequenceNumbers, Long.MIN_VALUE);
    Arrays.fill(known.codecs, null);
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
