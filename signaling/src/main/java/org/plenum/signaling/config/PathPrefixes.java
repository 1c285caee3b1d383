package org.plenum.signaling.config;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Paths below which a proxy may show a server, such as `/meet`.
public final class PathPrefixes {
  /// Segments of unreserved characters (RFC 3986 §2.3), none of which is a dot-segment.
  private static final Pattern FORM = Pattern.compile("(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*){1,16}");

  private static final int MOST_CHARACTERS = 256;

  private PathPrefixes() {}

  /// Without a slash at the end, and empty for none; null if it may not be one.
  public static @Nullable String parse(String text) {
    String bare = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    boolean good =
        bare.isEmpty() || bare.length() <= MOST_CHARACTERS && FORM.matcher(bare).matches();
    return good ? bare : null;
  }
}
