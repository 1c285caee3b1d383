package org.plenum.ice.agent;

import java.security.SecureRandom;

/// A ufrag and a password of one side (RFC 8445 §5.3).
///
/// @param ufrag 4 to 256 ice-chars
/// @param password 22 to 256 ice-chars
public record IceCredentials(String ufrag, String password) {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  /// 47 bits of randomness: RFC 8445 §5.3 wants 24, more keep the ufrags of a server apart.
  private static final int UFRAG_LENGTH = 8;

  /// 142 bits of randomness: RFC 8445 §5.3 wants 128.
  private static final int PASSWORD_LENGTH = 24;

  public IceCredentials {
    require("ice-ufrag", ufrag, 4);
    require("ice-pwd", password, 22);
  }

  /// Fresh credentials that nobody can guess; any thread.
  public static IceCredentials random() {
    return new IceCredentials(randomText(UFRAG_LENGTH), randomText(PASSWORD_LENGTH));
  }

  private static String randomText(int length) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
    }
    return text.toString();
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
