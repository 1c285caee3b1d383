package org.plenum.sfu.receive;

import static org.plenum.sfu.rtp.NetworkOrder.i32;
import static org.plenum.sfu.rtp.NetworkOrder.i64;
import static org.plenum.sfu.rtp.NetworkOrder.put16;
import static org.plenum.sfu.rtp.NetworkOrder.put32;
import static org.plenum.sfu.rtp.NetworkOrder.put64;
import static org.plenum.sfu.rtp.NetworkOrder.put8;
import static org.plenum.sfu.rtp.NetworkOrder.u16;
import static org.plenum.sfu.rtp.NetworkOrder.u8;

import java.lang.foreign.MemorySegment;
import org.plenum.sfu.Codec;
import org.plenum.sfu.rtp.DependencyDescriptor;
import org.plenum.sfu.rtp.HeaderExtension;

/// A packet of a [PacketRing] as another node reads it: a head with what is known of it, its
/// extensions in the compact form of [PacketCache], its payload. The head begins with a version and
/// its own length, so that a reader skips what a later version added at its end. All numbers are
/// big-endian.
///
/// Head: version (1 byte), its length (1), flags (1; bit 0: packets before it were left out on
/// purpose), stream (4), number (8), timestamp (4), height (2), codec's number (2), microseconds
/// since it came (4), bytes of extensions (2), marks (1), picture id (2), its bits (1), its offset
/// (1), TL0PICIDX (2), its offset (1), frame number's offset (2), layers (8). No state; one thread.
public final class PacketForm {
  /// The length of a head that is written here.
  public static final int HEAD_BYTES = 47;

  private static final int VERSION = 1;
  private static final int FIRST = 1;
  private static final int EXTENSION_HEADER = 2;
  private static final int EXTENSIONS = HeaderExtension.values().length;

  // Where the fields of the head stand.
  private static final int FLAGS_AT = 2;
  private static final int STREAM_AT = 3;
  private static final int NUMBER_AT = 7;
  private static final int TIMESTAMP_AT = 15;
  private static final int HEIGHT_AT = 19;
  private static final int CODEC_AT = 21;
  private static final int AGE_AT = 23;
  private static final int EXTENSIONS_AT = 27;
  private static final int MARKS_AT = 29;
  private static final int PICTURE_ID_AT = 30;
  private static final int PICTURE_ID_BITS_AT = 32;
  private static final int PICTURE_ID_OFFSET_AT = 33;
  private static final int TL0_AT = 34;
  private static final int TL0_OFFSET_AT = 36;
  private static final int FRAME_NUMBER_OFFSET_AT = 37;
  private static final int LAYERS_AT = 39;

  /// What became of what was read.
  public enum Outcome {
    TAKEN,
    /// No packet, or one that lies about itself.
    MALFORMED,
    /// Its codec is not known yet.
    UNKNOWN_CODEC,
    /// The ring has no room.
    FULL
  }

  private PacketForm() {}

  /// Bytes that [#write] writes of the packet that the ring is at.
  public static int length(PacketRing ring) {
    return HEAD_BYTES + ring.length();
  }

  /// Writes the packet that the ring is at.
  ///
  /// @param codec its codec's number, 16 bits
  /// @return bytes written
  public static int write(PacketRing ring, MemorySegment to, long at, int codec, long nowNanos) {
    PacketDescriptions known = ring.known();
    int place = ring.place();
    long age = Math.clamp((nowNanos - ring.arrivalNanos()) / 1_000, 0, Integer.MAX_VALUE);
    put8(to, at, VERSION);
    put8(to, at + 1, HEAD_BYTES);
    put8(to, at + FLAGS_AT, ring.isFirst() ? FIRST : 0);
    put32(to, at + STREAM_AT, ring.stream());
    put64(to, at + NUMBER_AT, ring.number());
    put32(to, at + TIMESTAMP_AT, ring.timestamp());
    put16(to, at + HEIGHT_AT, ring.height());
    put16(to, at + CODEC_AT, codec);
    put32(to, at + AGE_AT, (int) age);
    put16(to, at + EXTENSIONS_AT, known.extensionLengths[place]);
    put8(to, at + MARKS_AT, known.flags[place]);
    put16(to, at + PICTURE_ID_AT, known.pictureIds[place]);
    put8(to, at + PICTURE_ID_BITS_AT, known.pictureIdBits[place]);
    put8(to, at + PICTURE_ID_OFFSET_AT, known.pictureIdOffsets[place]);
    put16(to, at + TL0_AT, known.tl0PicIdxs[place]);
    put8(to, at + TL0_OFFSET_AT, known.tl0PicIdxOffsets[place]);
    put16(to, at + FRAME_NUMBER_OFFSET_AT, known.frameNumberOffsets[place]);
    put64(to, at + LAYERS_AT, known.layers[place]);
    ring.copyBytes(to, at + HEAD_BYTES);
    return HEAD_BYTES + known.length(place);
  }

  /// Reads what [#write] wrote, checks all of it, and hands it to the ring. Each place that is
  /// rewritten for a viewer lies within the packet from then on.
  ///
  /// @param codecs finds a codec by its number
  public static Outcome read(
      MemorySegment from,
      long at,
      int length,
      CodecNumbers codecs,
      PacketRing into,
      long nowNanos) {
    if (length < HEAD_BYTES || u8(from, at) != VERSION) {
      return Outcome.MALFORMED;
    }
    int head = u8(from, at + 1);
    int extensions = u16(from, at + EXTENSIONS_AT);
    int payload = length - head - extensions;
    if (head < HEAD_BYTES || payload < 0 || !isSound(from, at, head, extensions, payload)) {
      return Outcome.MALFORMED;
    }
    Codec codec = codecs.find(u16(from, at + CODEC_AT));
    if (codec == null) {
      return Outcome.UNKNOWN_CODEC;
    }
    int place = into.reserve(extensions + payload);
    if (place < 0) {
      return Outcome.FULL;
    }
    PacketDescriptions known = into.known();
    known.timestamps[place] = i32(from, at + TIMESTAMP_AT);
    known.extensionLengths[place] = (short) extensions;
    known.payloadLengths[place] = (short) payload;
    known.codecs[place] = codec;
    known.flags[place] = (byte) u8(from, at + MARKS_AT);
    known.pictureIds[place] = (short) u16(from, at + PICTURE_ID_AT);
    known.pictureIdBits[place] = (byte) u8(from, at + PICTURE_ID_BITS_AT);
    known.pictureIdOffsets[place] = (byte) u8(from, at + PICTURE_ID_OFFSET_AT);
    known.tl0PicIdxs[place] = (short) u16(from, at + TL0_AT);
    known.tl0PicIdxOffsets[place] = (byte) u8(from, at + TL0_OFFSET_AT);
    known.frameNumberOffsets[place] = (short) u16(from, at + FRAME_NUMBER_OFFSET_AT);
    known.layers[place] = i64(from, at + LAYERS_AT);
    long ageNanos = (i32(from, at + AGE_AT) & 0x7FFF_FFFFL) * 1_000;
    into.commit(
        i32(from, at + STREAM_AT),
        i64(from, at + NUMBER_AT),
        u16(from, at + HEIGHT_AT),
        (u8(from, at + FLAGS_AT) & FIRST) != 0,
        nowNanos - ageNanos,
        from,
        at + head);
    return Outcome.TAKEN;
  }

  private static boolean isSound(
      MemorySegment from, long at, int head, int extensions, int payload) {
    int bits = u8(from, at + PICTURE_ID_BITS_AT);
    int idBytes = bits == 15 ? 2 : 1;
    int idAt = (byte) u8(from, at + PICTURE_ID_OFFSET_AT);
    boolean hasId = bits == 7 || bits == 15;
    if (bits != 0 && !hasId || hasId && !isWithin(idAt, idBytes, payload)) {
      return false;
    }
    int tl0At = (byte) u8(from, at + TL0_OFFSET_AT);
    boolean hasTl0 = (short) u16(from, at + TL0_AT) >= 0;
    if (hasTl0 && !isWithin(tl0At, 1, payload)) {
      return false;
    }
    int frameNumberAt = (short) u16(from, at + FRAME_NUMBER_OFFSET_AT);
    return areExtensions(from, at + head, extensions, frameNumberAt);
  }

  private static boolean isWithin(int at, int bytes, int length) {
    return at >= 0 && at + bytes <= length;
  }

  /// Whether they are compact extensions, each of one that we know, and the frame number is where a
  /// dependency descriptor has its own, or below 0 if there is none.
  private static boolean areExtensions(
      MemorySegment from, long start, int length, int frameNumberAt) {
    boolean isFound = frameNumberAt < 0;
    int at = 0;
    while (at < length) {
      if (length - at < EXTENSION_HEADER) {
        return false;
      }
      int ordinal = u8(from, start + at);
      int bytes = u8(from, start + at + 1);
      int data = at + EXTENSION_HEADER;
      if (ordinal >= EXTENSIONS || bytes > length - data) {
        return false;
      }
      if (ordinal == HeaderExtension.DEPENDENCY_DESCRIPTOR.ordinal()) {
        int number = data + DependencyDescriptor.FRAME_NUMBER_OFFSET;
        isFound |= number == frameNumberAt && number + 2 <= data + bytes;
      }
      at = data + bytes;
    }
    return isFound;
  }
}
