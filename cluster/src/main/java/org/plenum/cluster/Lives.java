package org.plenum.cluster;

import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;

/// Names of the lives of rooms: [RoomEntry#life]. Each says when it began, so that whoever has the
/// room later knows. Any thread.
public final class Lives {
  private static final int BYTES = 8;
  private static final char SINCE = '-';

  private static final SecureRandom RANDOM = new SecureRandom();

  private Lives() {}

  /// Of a room that nobody has had before; never the same twice.
  ///
  /// @param now to the millisecond
  public static String begin(Instant now) {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes) + SINCE + Long.toHexString(now.toEpochMilli());
  }

  /// When a life began.
  ///
  /// @param unknown what is returned for one that does not say so
  public static Instant since(String life, Instant unknown) {
    int at = life.lastIndexOf(SINCE);
    if (at < 0) {
      return unknown;
    }
    try {
      return Instant.ofEpochMilli(Long.parseLong(life, at + 1, life.length(), 16));
    } catch (NumberFormatException | DateTimeException e) {
      return unknown;
    }
  }
}
