package org.plenum.signaling.log;

import java.util.regex.Pattern;

/// Takes out of a log line what must not be in it, whoever wrote it: tokens, passwords of
/// ICE and query strings always, addresses unless they are wanted. No I/O.
final class Redaction {
  private static final String MASK = "…";

  /// What begins like a JSON object in base64, as JWTs do.
  private static final Pattern TOKEN = Pattern.compile("eyJ[\\w-]{5,}(\\.[\\w-]*){0,2}");

  private static final Pattern SDP_SECRET = Pattern.compile("a=(ice-pwd|crypto):[^\\s|]*");

  /// Whatever follows a question mark without a space: of an address, it is the query string.
  private static final Pattern QUERY = Pattern.compile("\\?[^\\s?]\\S*");

  private static final Pattern IPV4 =
      Pattern.compile("(?<![\\w.])\\d{1,3}(\\.\\d{1,3}){3}(?![\\w.]*\\w)");

  private static final Pattern IPV6 =
      Pattern.compile("(?<![\\w:.])(?:[0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F.]{0,15}(?![\\w:])");

  private final boolean addresses;

  /// @param addresses whether they may be shown
  Redaction(boolean addresses) {
    this.addresses = addresses;
  }

  String apply(String line) {
    String clean = TOKEN.matcher(line).replaceAll(MASK);
    clean = SDP_SECRET.matcher(clean).replaceAll("a=$1:" + MASK);
    clean = QUERY.matcher(clean).replaceAll("?" + MASK);
    if (addresses) {
      return clean;
    }
    clean = IPV4.matcher(clean).replaceAll(MASK);
    return IPV6.matcher(clean).replaceAll(MASK);
  }
}
