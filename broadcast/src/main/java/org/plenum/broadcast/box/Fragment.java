package org.plenum.broadcast.box;

import java.util.List;

/// A movie fragment: moof and mdat (ISO/IEC 14496-12 §8.8) of one track, without a base of its own
/// (CMAF §7.3.2.3).
public final class Fragment {
  private static final int TRACK = 1;

  // tfhd flags (§8.8.7): default-base-is-moof.
  private static final int DEFAULT_BASE_IS_MOOF = 0x02_0000;

  // tfhd flags (§8.8.7): there is nothing for so long as the default duration says.
  private static final int DURATION_IS_EMPTY = 0x01_0000;
  private static final int DEFAULT_DURATION = 0x8;

  // trun flags (§8.8.8): data offset; of each sample its duration, size and flags.
  private static final int DATA_OFFSET = 0x1;
  private static final int DURATION = 0x100;
  private static final int SIZE = 0x200;
  private static final int FLAGS = 0x400;

  // Sample flags (§8.8.3.1).
  private static final int DEPENDS_ON_NONE = 0x0200_0000;
  private static final int DEPENDS_ON_OTHERS = 0x0101_0000;

  private Fragment() {}

  /// @param number from 1 on, rising
  /// @param decodeTime of the first sample, in units of the track's time scale
  /// @param samples in decoding order, which is the order of presentation; at least one
  public static byte[] write(int number, long decodeTime, List<Sample> samples) {
    int dataBytes = samples.stream().mapToInt(sample -> sample.data().length).sum();
    var out = new BoxWriter(dataBytes + 12 * samples.size() + 128);
    int moof = out.start("moof");
    int mfhd = out.start("mfhd", 0, 0);
    out.u32(number);
    out.end(mfhd);
    int traf = out.start("traf");
    int tfhd = out.start("tfhd", 0, DEFAULT_BASE_IS_MOOF);
    out.u32(TRACK);
    out.end(tfhd);
    int tfdt = out.start("tfdt", 1, 0);
    out.u64(decodeTime);
    out.end(tfdt);
    int trun = out.start("trun", 0, DATA_OFFSET | DURATION | SIZE | FLAGS);
    out.u32(samples.size());
    int dataOffset = out.length();
    out.u32(0);
    for (Sample sample : samples) {
      out.u32(sample.duration());
      out.u32(sample.data().length);
      out.u32(sample.sync() ? DEPENDS_ON_NONE : DEPENDS_ON_OTHERS);
    }
    out.end(trun);
    out.end(traf);
    out.end(moof);
    int mdat = out.start("mdat");
    out.patch(dataOffset, out.length() - moof);
    samples.forEach(sample -> out.put(sample.data()));
    out.end(mdat);
    return out.toBytes();
  }

  /// One without samples: for so long nothing came.
  ///
  /// @param number from 1 on, rising
  /// @param decodeTime where it begins, in units of the track's time scale
  /// @param duration how long, in the same units
  public static byte[] empty(int number, long decodeTime, int duration) {
    var out = new BoxWriter(128);
    int moof = out.start("moof");
    int mfhd = out.start("mfhd", 0, 0);
    out.u32(number);
    out.end(mfhd);
    int traf = out.start("traf");
    int tfhd = out.start("tfhd", 0, DEFAULT_BASE_IS_MOOF | DURATION_IS_EMPTY | DEFAULT_DURATION);
    out.u32(TRACK);
    out.u32(duration);
    out.end(tfhd);
    int tfdt = out.start("tfdt", 1, 0);
    out.u64(decodeTime);
    out.end(tfdt);
    out.end(traf);
    out.end(moof);
    out.end(out.start("mdat"));
    return out.toBytes();
  }
}
