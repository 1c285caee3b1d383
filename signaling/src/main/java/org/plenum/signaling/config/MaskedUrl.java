package org.plenum.signaling.config;

import java.util.regex.Pattern;

/// Shows addresses without what may be a password in them.
final class MaskedUrl {
  private static final Pattern USER_INFO = Pattern.compile("(\\w[\\w+.-]*://)[^/?#\"\\s]*@");
  private static final Pattern QUERY = Pattern.compile("(\\w[\\w+.-]*://[^?#\"\\s]*[?#])[^\"\\s]+");

  private MaskedUrl() {}

  /// Any text, with the user, query and fragment of each URL in it masked.
  static String in(String text) {
    String withoutUser = USER_INFO.matcher(text).replaceAll("$1…@");
    return QUERY.matcher(withoutUser).replaceAll("$1…");
  }
}
