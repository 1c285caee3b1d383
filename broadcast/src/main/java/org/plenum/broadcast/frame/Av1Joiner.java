package org.plenum.broadcast.frame;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.rtp.Av1Payload;

/// AV1 (AOM, *RTP Payload Format For AV1* v1.0 §4) to samples of OBUs with their sizes (AOM, *AV1
/// Codec ISO Media File Format Binding* §2.4). Main profile only, in 8 bit and 4:2:0, which is what
/// browsers send.
final class Av1Joiner implements Joiner {
  // Aggregation header: Z, Y.
  private static final int Z = 0x80;
  private static final int Y = 0x40;

  /// An aggregation header that announces one element and nothing else.
  private static final int ONE_ELEMENT = 0x10;

  // OBU header (AV1 §5.3.2).
  private static final int EXTENSION = 0x04;
  private static final int HAS_SIZE = 0x02;

  // AV1 §6.2.2.
  private static final int SEQUENCE_HEADER = 1;
  private static final int TEMPORAL_DELIMITER = 2;
  private static final int TILE_LIST = 8;
  private static final int PADDING = 15;

  private static final int MAX_LEB128_BYTES = 8;

  /// seq_level_idx 8: level 4.0, in which 2048 × 1152 at 30 pictures a second fits.
  private static final int USUAL_LEVEL = 8;

  /// A number that [#leb128] has read, and where it ends.
  private record Number(int value, int end) {}

  private final Av1Payload reader = new Av1Payload();

  @Override
  public @Nullable Picture join(List<byte[]> payloads) {
    List<byte[]> units = units(payloads);
    if (units == null) {
      return null;
    }
    var data = new ByteArrayOutputStream();
    VideoFormat format = null;
    for (byte[] unit : units) {
      int type = unit[0] >> 3 & 0xF;
      if (type == TEMPORAL_DELIMITER || type == TILE_LIST || type == PADDING) {
        continue;
      }
      byte[] sized = sized(unit);
      if (sized == null) {
        return null;
      }
      if (type == SEQUENCE_HEADER) {
        format = format(unit, sized);
        if (format == null) {
          return null;
        }
      }
      data.writeBytes(sized);
    }
    return data.size() == 0 ? null : new Picture(data.toByteArray(), format);
  }

  /// The OBUs of a temporal unit, those that were split put together. Null if one is cut off.
  private static @Nullable List<byte[]> units(List<byte[]> payloads) {
    List<byte[]> units = new ArrayList<>();
    ByteArrayOutputStream split = null;
    for (byte[] payload : payloads) {
      int header = payload[0];
      if (((header & Z) != 0) != (split != null)) {
        return null;
      }
      int announced = header >> 4 & 3;
      int at = 1;
      for (int count = 1; at < payload.length; count++) {
        int size = payload.length - at;
        if (count != announced) {
          Number number = leb128(payload, at);
          if (number == null || number.value() > payload.length - number.end()) {
            return null;
          }
          size = number.value();
          at = number.end();
        }
        ByteArrayOutputStream unit = split == null ? new ByteArrayOutputStream() : split;
        unit.write(payload, at, size);
        at += size;
        split = at == payload.length && (header & Y) != 0 ? unit : null;
        if (split == null && unit.size() > 0) {
          units.add(unit.toByteArray());
        }
      }
    }
    return split == null ? units : null;
  }

  /// The OBU with its size behind its header; null if it has a size that does not fit.
  private static byte @Nullable [] sized(byte[] unit) {
    int headerLength = (unit[0] & EXTENSION) != 0 ? 2 : 1;
    if (unit.length < headerLength) {
      return null;
    }
    int at = headerLength;
    int length = unit.length - headerLength;
    if ((unit[0] & HAS_SIZE) != 0) {
      Number number = leb128(unit, headerLength);
      if (number == null || number.value() > unit.length - number.end()) {
        return null;
      }
      at = number.end();
      length = number.value();
    }
    var sized = new ByteArrayOutputStream(unit.length + 3);
    sized.write(unit[0] | HAS_SIZE);
    sized.write(unit, 1, headerLength - 1);
    int left = length;
    while (left >= 0x80) {
      sized.write(left | 0x80);
      left >>= 7;
    }
    sized.write(left);
    sized.write(unit, at, length);
    return sized.toByteArray();
  }

  /// Null if it does not end.
  private static @Nullable Number leb128(byte[] bytes, int from) {
    long value = 0;
    for (int i = 0; i < MAX_LEB128_BYTES && from + i < bytes.length; i++) {
      value |= (bytes[from + i] & 0x7FL) << 7 * i;
      if (bytes[from + i] >= 0) {
        return value > Integer.MAX_VALUE ? null : new Number((int) value, from + i + 1);
      }
    }
    return null;
  }

  /// AV1CodecConfigurationRecord (§2.3).
  ///
  /// @param unit the sequence header OBU as it came
  /// @param sized the same with its size
  private @Nullable VideoFormat format(byte[] unit, byte[] sized) {
    byte[] payload = new byte[unit.length + 1];
    payload[0] = ONE_ELEMENT;
    System.arraycopy(unit, 0, payload, 1, unit.length);
    if (!reader.parse(MemorySegment.ofArray(payload), 0, payload.length) || reader.width() == 0) {
      return null;
    }
    int body = (unit[0] & EXTENSION) != 0 ? 2 : 1;
    int at = (unit[0] & HAS_SIZE) != 0 ? sized.length - bodyLength(sized, body) : body;
    byte[] header = (unit[0] & HAS_SIZE) != 0 ? sized : unit;
    if (header.length < at + 4 || (header[at] & 0xE0) != 0) { // seq_profile
      return null;
    }
    int level = level(header, at);
    var record = new ByteArrayOutputStream();
    record.write(0x81); // marker, version
    record.write(level);
    record.write(0x0C); // main tier, 8 bit, 4:2:0
    record.write(0);
    record.writeBytes(sized);
    return new VideoFormat(
        CodecName.AV1,
        "av01.0.%02dM.08".formatted(level),
        reader.width(),
        reader.height(),
        record.toByteArray());
  }

  private static int bodyLength(byte[] sized, int headerLength) {
    Number number = leb128(sized, headerLength);
    return number == null ? 0 : number.value();
  }

  /// seq_level_idx of the first operating point (AV1 §5.5.1), if no timing information stands
  /// before it.
  ///
  /// @param at where the header's fields begin
  private static int level(byte[] header, int at) {
    int bits =
        (header[at] & 0xFF) << 24
            | (header[at + 1] & 0xFF) << 16
            | (header[at + 2] & 0xFF) << 8
            | header[at + 3] & 0xFF;
    boolean reduced = (bits >>> 27 & 1) != 0;
    boolean timed = (bits >>> 26 & 1) != 0;
    if (reduced || timed) {
      return USUAL_LEVEL;
    }
    // profile 3, still 1, reduced 1, timing 1, display delay 1, points 5, idc 12: then the level
    return bits >>> 3 & 0x1F;
  }
}
