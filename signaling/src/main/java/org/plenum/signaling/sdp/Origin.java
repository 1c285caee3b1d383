package org.plenum.signaling.sdp;

/// The `o=` line (RFC 8866 §5.2).
///
/// @param sessionId digits; kept as text because senders exceed 63 bits
/// @param version digits; goes up with each description of a session
public record Origin(
    String username, String sessionId, String version, String addressType, String address) {
  /// Who writes an answer: the address tells nothing, as RFC 9429 §5.2.1 advises.
  public static Origin of(long sessionId, long version) {
    return new Origin("-", Long.toString(sessionId), Long.toString(version), "IP4", "127.0.0.1");
  }

  static Origin parse(String value, int line) throws SdpException {
    String[] fields = value.split(" ", -1);
    if (fields.length != 6 || !fields[3].equals("IN")) {
      throw new SdpException(
          "o= must be <username> <id> <version> IN <address type> <address>", line);
    }
    for (String field : fields) {
      if (field.isEmpty()) {
        throw new SdpException("o= has an empty field", line);
      }
    }
    Tokens.requireDigits("o= id", fields[1], line);
    Tokens.requireDigits("o= version", fields[2], line);
    return new Origin(fields[0], fields[1], fields[2], fields[4], fields[5]);
  }
}
