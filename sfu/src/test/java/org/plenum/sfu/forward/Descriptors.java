package org.plenum.sfu.forward;

/// Writes dependency descriptors for a [LayeredStream] (AV1 RTP, appendix A.4): five templates for
/// each spatial layer, nine decode targets or three, one chain for each spatial layer.
final class Descriptors {
  private static final int PLACES = 5;
  private static final int KEY = 0;

  /// By template of a spatial layer: key, then temporal layers 0, 1, 2, and 2 again.
  private static final int[] TEMPORAL = {0, 0, 1, 2, 2};

  /// By place in the group of four.
  private static final int[] TEMPLATE_OF_PLACE = {1, 3, 2, 4};

  /// Pictures back to the frames referred to, by template.
  private static final int[] PICTURES_BACK = {0, 4, 2, 1, 1};

  private Descriptors() {}

  static byte[] of(
      LayeredStream.Form form, LayeredStream.Frame frame, int place, boolean start, boolean end) {
    int within = frame.key() ? KEY : TEMPLATE_OF_PLACE[place];
    int template = frame.spatial() * PLACES + within;
    var bits = new StringBuilder();
    bits.append(start ? 1 : 0).append(end ? 1 : 0);
    put(bits, template, 6);
    put(bits, frame.id() & 0xFFFF, 16);
    if (frame.key() && start && frame.spatial() == 0) {
      bits.append("10000");
      structure(bits, form);
    }
    return bytes(bits);
  }

  private static void structure(StringBuilder bits, LayeredStream.Form form) {
    int spatialLayers = form.spatialLayers;
    put(bits, 0, 6);
    put(bits, 3 * spatialLayers - 1, 5);
    for (int template = 0; template < spatialLayers * PLACES; template++) {
      boolean isLast = template == spatialLayers * PLACES - 1;
      boolean isNewSpatial = template % PLACES == PLACES - 1;
      boolean isNewTemporal =
          !isNewSpatial && TEMPORAL[(template + 1) % PLACES] != TEMPORAL[template % PLACES];
      put(bits, isLast ? 3 : isNewSpatial ? 2 : isNewTemporal ? 1 : 0, 2);
    }
    for (int template = 0; template < spatialLayers * PLACES; template++) {
      for (int target = 0; target < 3 * spatialLayers; target++) {
        put(bits, indication(form, template, target / 3, target % 3), 2);
      }
    }
    for (int template = 0; template < spatialLayers * PLACES; template++) {
      int spatial = template / PLACES;
      int within = template % PLACES;
      if (spatial > 0 && (within == KEY || !form.keyPicturesOnly)) {
        diff(bits, 1);
      }
      if (within != KEY) {
        diff(bits, PICTURES_BACK[within] * spatialLayers);
      }
      bits.append(0);
    }
    // No chains: ns(n) of 0 takes one bit less than n does.
    int n = 3 * spatialLayers + 1;
    put(bits, 0, Integer.SIZE - Integer.numberOfLeadingZeros(n) - 1);
    bits.append("1"); // resolutions
    for (int spatial = 0; spatial < spatialLayers; spatial++) {
      int height = 180 << spatial + 3 - spatialLayers;
      put(bits, height * 16 / 9 - 1, 16);
      put(bits, height - 1, 16);
    }
  }

  private static void diff(StringBuilder bits, int frames) {
    bits.append(1);
    put(bits, frames - 1, 4);
  }

  private static int indication(
      LayeredStream.Form form, int template, int targetSpatial, int targetTemporal) {
    int spatial = template / PLACES;
    int within = template % PLACES;
    int temporal = TEMPORAL[within];
    if (targetSpatial < spatial || targetTemporal < temporal) {
      return 0;
    }
    if (within == KEY) {
      return 2;
    }
    if (targetSpatial > spatial) {
      return form.keyPicturesOnly ? 0 : 3;
    }
    if (temporal == 0) {
      return 2;
    }
    return targetTemporal == temporal ? 1 : 3;
  }

  private static void put(StringBuilder bits, int value, int count) {
    for (int bit = count - 1; bit >= 0; bit--) {
      bits.append(value >>> bit & 1);
    }
  }

  private static byte[] bytes(CharSequence bits) {
    byte[] bytes = new byte[(bits.length() + 7) / 8];
    for (int i = 0; i < bits.length(); i++) {
      bytes[i / 8] |= (byte) ((bits.charAt(i) - '0') << 7 - i % 8);
    }
    return bytes;
  }
}
