package org.plenum.signaling.relay;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where a TURN server is (RFC 7065).
///
/// @param host a name or a literal address, without brackets
record TurnUrl(String host, int port, Way way) {
  /// What carries the messages.
  enum Way {
    UDP,
    TCP,
    TLS
  }

  private static final int PORT = 3478;
  private static final int TLS_PORT = 5349;

  private static final Pattern FORM =
      Pattern.compile(
          "(turns?):(?:\\[([0-9a-fA-F:.]+)]|([^\\[\\]:?]+))(?::(\\d{1,5}))?"
              + "(?:\\?transport=(udp|tcp))?");

  /// Null if it is none, or one by DTLS, which we do not ask.
  static @Nullable TurnUrl parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return null;
    }
    boolean secure = form.group(1).equals("turns");
    boolean udp = form.group(5) == null ? !secure : form.group(5).equals("udp");
    if (secure && udp) {
      return null;
    }
    int port = form.group(4) == null ? secure ? TLS_PORT : PORT : Integer.parseInt(form.group(4));
    String host = form.group(2) == null ? form.group(3) : form.group(2);
    return port < 1 || port > 65_535
        ? null
        : new TurnUrl(host, port, secure ? Way.TLS : udp ? Way.UDP : Way.TCP);
  }
}
