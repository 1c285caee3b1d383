package org.plenum.signaling.recording;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.plenum.sfu.ShownText;
import org.plenum.signaling.protocol.InvalidMessageException;

/// The name of a file that somebody sends: fit to be shown, and to be a name on whatever disk it is
/// saved to.
public final class FileName {
  /// In code points; file systems take 255 bytes.
  static final int MOST = 80;

  private static final String FORBIDDEN = "<>:\"|?*";
  private static final String OTHERWISE = "file";

  private FileName() {}

  /// The last part of it without what disks or shells take amiss: no path, no dots in front, no
  /// control characters, nothing that turns the direction of writing; if it is too long its ending
  /// stays. Throws InvalidMessageException if it has a control character.
  public static String of(String given) {
    String name = given.substring(Math.max(given.lastIndexOf('/'), given.lastIndexOf('\\')) + 1);
    try {
      name = ShownText.line("name", name.isBlank() ? OTHERWISE : name, 4096);
    } catch (IllegalArgumentException e) {
      throw InvalidMessageException.of("name", e);
    }
    StringBuilder plain = new StringBuilder();
    name.codePoints().forEach(c -> plain.appendCodePoint(FORBIDDEN.indexOf(c) >= 0 ? '_' : c));
    name = plain.toString().replaceAll("^[. ]+|[. ]+$", "");
    return name.isEmpty() ? OTHERWISE : shortened(name);
  }

  /// As RFC 8187 has it in `filename*`.
  public static String encode(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20").replace("*", "%2A");
  }

  private static String shortened(String name) {
    int[] points = name.codePoints().toArray();
    if (points.length <= MOST) {
      return name;
    }
    int dot = name.lastIndexOf('.');
    String ending = dot < 0 ? "" : name.substring(dot);
    int[] kept = ending.codePoints().toArray();
    if (kept.length > MOST / 4) {
      kept = new int[0];
    }
    return new String(points, 0, MOST - kept.length) + new String(kept, 0, kept.length);
  }
}
