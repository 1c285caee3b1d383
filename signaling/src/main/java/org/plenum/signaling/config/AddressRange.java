package org.plenum.signaling.config;

import java.net.InetAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A network such as `10.0.0.0/8`, or a single address.
///
/// @param prefixBits how many leading bits count
public record AddressRange(InetAddress network, int prefixBits) {
  private static final Pattern FORM = Pattern.compile("([0-9a-fA-F.:]+)(?:/(\\d{1,3}))?");

  /// Null if the text is not one.
  static @Nullable AddressRange parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return null;
    }
    try {
      InetAddress network = InetAddress.ofLiteral(form.group(1));
      int most = network.getAddress().length * 8;
      int bits = form.group(2) == null ? most : Integer.parseInt(form.group(2));
      return bits <= most ? new AddressRange(network, bits) : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  public boolean contains(InetAddress address) {
    byte[] mine = network.getAddress();
    byte[] other = address.getAddress();
    if (mine.length != other.length) {
      return false;
    }
    for (int bit = 0; bit < prefixBits; bit++) {
      int mask = 0x80 >> (bit % 8);
      if ((mine[bit / 8] & mask) != (other[bit / 8] & mask)) {
        return false;
      }
    }
    return true;
  }
}
