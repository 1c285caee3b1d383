package org.plenum.signaling.jsep;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.agent.IceCredentials;
import org.plenum.sfu.Mid;
import org.plenum.signaling.sdp.SdpParser;

/// Reads `application/trickle-ice-sdpfrag` (RFC 8840 §9): attributes and pseudo `m=` lines. Takes
/// `\n` for `\r\n`, and lines that a fragment does not need for what they are: unknown.
final class IceFragmentReader {
  /// A client has a handful of candidates; each is a line.
  static final int MAX_LINES = 256;

  private final String text;
  private final Set<Mid> mids = new HashSet<>();
  private @Nullable String ufrag;
  private @Nullable String password;
  private int sections;
  private int candidates;
  private boolean complete;

  IceFragmentReader(String text) {
    this.text = text;
  }

  IceFragment read() {
    if (text.length() > IceFragment.MAX_LENGTH) {
      throw new InvalidOfferException(
          "sdpfrag",
          "a fragment has at most " + IceFragment.MAX_LENGTH + " characters, not " + text.length());
    }
    String bare = text.startsWith(SdpParser.BYTE_ORDER_MARK) ? text.substring(1) : text;
    String[] lines = bare.split("\r?\n");
    if (lines.length > MAX_LINES) {
      throw new InvalidOfferException(
          "sdpfrag", "a fragment has at most " + MAX_LINES + " lines, not " + lines.length);
    }
    for (String line : lines) {
      readLine(line);
    }
    return new IceFragment(credentials(), mids, candidates, complete);
  }

  private void readLine(String line) {
    if (line.startsWith("m=")) {
      sections++;
    } else if (line.startsWith("a=")) {
      int colon = line.indexOf(':');
      String name = colon < 0 ? line.substring(2) : line.substring(2, colon);
      readAttribute(name, colon < 0 ? "" : line.substring(colon + 1));
    } else {
      // RFC 8840 §9.2 has no other lines.
      throw new InvalidOfferException("sdpfrag", "a line is neither a= nor m=: " + shown(line));
    }
  }

  private void readAttribute(String name, String value) {
    switch (name) {
      case "ice-ufrag" -> ufrag = same(name, ufrag, value);
      case "ice-pwd" -> password = same(name, password, value);
      case "mid" -> mids.add(mid(value));
      case "candidate" -> readCandidate(value);
      case "end-of-candidates" -> complete = true;
      default -> {}
    }
  }

  /// All sections share one transport, so the same may stand in several.
  private static String same(String name, @Nullable String before, String value) {
    if (before != null && !before.equals(value)) {
      throw new InvalidOfferException("a=" + name, "the fragment has two different " + name);
    }
    return value;
  }

  private Mid mid(String value) {
    if (sections == 0) {
      throw new InvalidOfferException("a=mid", "a=mid stands below an m= line");
    }
    try {
      return new Mid(value);
    } catch (IllegalArgumentException e) {
      throw new InvalidOfferException("a=mid", String.valueOf(e.getMessage()));
    }
  }

  /// RFC 8839 §5.1: foundation, component, transport, priority, address, port, `typ`, type, and
  /// pairs of names and values. Transports and addresses that we do not know are no errors (RFC
  /// 9725 §4.3.2).
  private void readCandidate(String value) {
    String[] fields = value.split(" ", -1);
    boolean grammatical =
        fields.length >= 8
            && fields.length % 2 == 0
            && fields[0].length() <= 32
            && isNumber(fields[1], 1, 256)
            && isNumber(fields[3], 1, (1L << 31) - 1)
            && isNumber(fields[5], 0, 65_535)
            && fields[6].equals("typ");
    for (String field : fields) {
      grammatical &= !field.isEmpty();
    }
    if (!grammatical) {
      throw new InvalidOfferException(
          "a=candidate", "a=candidate breaks its grammar (RFC 8839 §5.1): " + shown(value));
    }
    candidates++;
  }

  private IceCredentials credentials() {
    if (ufrag == null || password == null) {
      String missing = ufrag == null ? "ice-ufrag" : "ice-pwd";
      throw new InvalidOfferException("a=" + missing, "the fragment has no " + missing);
    }
    try {
      return new IceCredentials(ufrag, password);
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      throw new InvalidOfferException(
          message.startsWith("ice-pwd") ? "a=ice-pwd" : "a=ice-ufrag", message);
    }
  }

  private static boolean isNumber(String text, long least, long most) {
    if (text.isEmpty() || text.length() > 10 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return false;
    }
    long value = Long.parseLong(text);
    return value >= least && value <= most;
  }

  private static String shown(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "…";
  }
}
