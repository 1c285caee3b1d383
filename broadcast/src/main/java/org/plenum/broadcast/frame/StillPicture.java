package org.plenum.broadcast.frame;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// A picture of H264 that is there without a camera.
public final class StillPicture {
  private StillPicture() {}

  /// Reads a file of one key frame.
  ///
  /// @param annexB NAL units behind start codes (ITU-T H.264 annex B)
  /// @throws IllegalArgumentException if it holds no key frame
  public static Picture of(byte[] annexB) {
    Picture picture = new H264Joiner().join(units(annexB));
    if (picture == null || picture.format() == null) {
      throw new IllegalArgumentException("no key frame of H264");
    }
    return Objects.requireNonNull(picture);
  }

  private static List<byte[]> units(byte[] file) {
    List<byte[]> units = new ArrayList<>();
    int begin = -1;
    for (int i = 0; i + 3 <= file.length; i++) {
      if (file[i] == 0 && file[i + 1] == 0 && file[i + 2] == 1) {
        add(units, file, begin, i);
        begin = i + 3;
      }
    }
    add(units, file, begin, file.length);
    return units;
  }

  /// Without the zeros that belong to the next start code.
  private static void add(List<byte[]> units, byte[] file, int begin, int end) {
    int to = end;
    while (begin >= 0 && to > begin && file[to - 1] == 0) {
      to--;
    }
    if (begin >= 0 && to > begin) {
      units.add(Arrays.copyOfRange(file, begin, to));
    }
  }
}
