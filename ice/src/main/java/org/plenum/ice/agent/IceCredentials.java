package org.plenum.ice.agent;

/// A ufrag and a password of one side (RFC 8445 §5.3).
///
/// @param ufrag 4 to 256 ice-chars
/// @param password 22 to 256 ice-chars
public record IceCredentials(String ufrag, String password) {
  public IceCredentials {
    require("ice-ufrag", ufrag, 4);
    require("ice-pwd", password, 22);
  }

  private static void require(String name, String value, int least) {
    if (value.length() < least || value.length() > 256) {
      throw new IllegalArgumentException(
          name + " must have " + least + " to 256 characters, not " + value.length());
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean iceChar =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '+'
              || c == '/';
      if (!iceChar) {
        throw new IllegalArgumentException(
            name + " may hold letters, digits, '+' and '/' only (RFC 8839 §5.4)");
      }
    }
  }

  @Override
  public String toString() {
    return "IceCredentials[ufrag=" + ufrag + "]";
  }
}
