package org.plenum.broadcast.frame;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.rtp.H264Payload;

/// H.264 (RFC 6184 §5) to samples of NAL units behind their lengths (ISO/IEC 14496-15 §5.3), with
/// parameter sets in the configuration only. Interleaved mode is refused, as everywhere.
final class H264Joiner implements Joiner {
  private static final int TYPE = 0x1F;

  // NAL unit types: ITU-T H.264 table 7-1, RFC 6184 table 1.
  private static final int IDR_SLICE = 5;
  private static final int SPS = 7;
  private static final int PPS = 8;
  private static final int ACCESS_UNIT_DELIMITER = 9;
  private static final int FILLER = 12;
  private static final int LAST_SINGLE = 23;
  private static final int STAP_A = 24;
  private static final int FU_A = 28;

  // FU header (§5.8).
  private static final int S = 0x80;
  private static final int E = 0x40;

  /// Of each kind; browsers send one.
  private static final int MOST_SETS = 16;

  private final H264Payload reader = new H264Payload();

  @Override
  public @Nullable Picture join(List<byte[]> payloads) {
    List<byte[]> units = units(payloads);
    if (units == null) {
      return null;
    }
    List<byte[]> sequenceSets = new ArrayList<>();
    List<byte[]> pictureSets = new ArrayList<>();
    var data = new ByteArrayOutputStream();
    boolean idr = false;
    for (byte[] unit : units) {
      switch (unit[0] & TYPE) {
        case SPS -> sequenceSets.add(unit);
        case PPS -> pictureSets.add(unit);
        case ACCESS_UNIT_DELIMITER, FILLER -> {}
        default -> {
          idr |= (unit[0] & TYPE) == IDR_SLICE;
          data.writeBytes(ByteBuffer.allocate(4).putInt(unit.length).array());
          data.writeBytes(unit);
        }
      }
    }
    if (data.size() == 0) {
      return null;
    }
    // The SFU puts parameter sets before every IDR picture that comes without.
    VideoFormat format = idr ? format(sequenceSets, pictureSets) : null;
    return idr && format == null ? null : new Picture(data.toByteArray(), format);
  }

  /// Null if a unit is cut off or of a type that is not read.
  private static @Nullable List<byte[]> units(List<byte[]> payloads) {
    List<byte[]> units = new ArrayList<>();
    ByteArrayOutputStream fragmented = null;
    for (byte[] payload : payloads) {
      int type = payload[0] & TYPE;
      if (type == FU_A) {
        if (payload.length < 3) {
          return null;
        }
        boolean begins = (payload[1] & S) != 0;
        if (begins == (fragmented != null)) {
          return null;
        }
        if (fragmented == null) {
          fragmented = new ByteArrayOutputStream();
          fragmented.write(payload[0] & ~TYPE | payload[1] & TYPE);
        }
        fragmented.write(payload, 2, payload.length - 2);
        if ((payload[1] & E) != 0) {
          units.add(fragmented.toByteArray());
          fragmented = null;
        }
      } else if (fragmented != null) {
        return null;
      } else if (type == STAP_A) {
        if (!split(payload, units)) {
          return null;
        }
      } else if (type >= 1 && type <= LAST_SINGLE) {
        units.add(payload);
      } else {
        return null;
      }
    }
    return fragmented == null ? units : null;
  }

  /// STAP-A (§5.7.1): NAL units, each behind its size.
  private static boolean split(byte[] payload, List<byte[]> units) {
    ByteBuffer rest = ByteBuffer.wrap(payload).position(1);
    while (rest.hasRemaining()) {
      int size = rest.remaining() < 2 ? 0 : rest.getShort() & 0xFFFF;
      if (size == 0 || size > rest.remaining()) {
        return false;
      }
      byte[] unit = new byte[size];
      rest.get(unit);
      units.add(unit);
    }
    return true;
  }

  /// AVCDecoderConfigurationRecord (ISO/IEC 14496-15 §5.3.3.1); null without parameter sets.
  private @Nullable VideoFormat format(List<byte[]> sequenceSets, List<byte[]> pictureSets) {
    byte[] sps = sequenceSets.isEmpty() ? new byte[0] : sequenceSets.getFirst();
    boolean readable =
        sps.length >= 4
            && sequenceSets.size() <= MOST_SETS
            && !pictureSets.isEmpty()
            && pictureSets.size() <= MOST_SETS
            && reader.parse(MemorySegment.ofArray(sps), 0, sps.length)
            && reader.width() > 0;
    if (!readable) {
      return null;
    }
    var record = new ByteArrayOutputStream();
    record.write(1);
    record.write(sps, 1, 3); // profile, constraints, level
    record.write(0xFF); // lengths of 4 bytes
    record.write(0xE0 | sequenceSets.size());
    sequenceSets.forEach(set -> write(set, record));
    record.write(pictureSets.size());
    pictureSets.forEach(set -> write(set, record));
    if (hasChroma(sps[1])) {
      record.writeBytes(new byte[] {(byte) 0xFD, (byte) 0xF8, (byte) 0xF8, 0}); // 4:2:0, 8 bit
    }
    String name = "avc1." + HexFormat.of().formatHex(sps, 1, 4);
    return new VideoFormat(
        CodecName.H264, name, reader.width(), reader.height(), record.toByteArray());
  }

  private static void write(byte[] set, ByteArrayOutputStream record) {
    record.write(set.length >> 8);
    record.write(set.length);
    record.writeBytes(set);
  }

  /// The profiles above main, whose records say more of colour. Nobody sends any other than 4:2:0
  /// in 8 bit by WebRTC.
  private static boolean hasChroma(byte profile) {
    return profile == 100 || profile == 110 || profile == 122;
  }
}
