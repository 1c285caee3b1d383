package org.plenum.signaling.recording;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// Names a recording, and its files: made here, so that it leads nowhere else.
///
/// @param value 20 hexadecimal digits
public record RecordingId(String value) {
  private static final Pattern FORM = Pattern.compile("[0-9a-f]{20}");
  private static final SecureRandom RANDOM = new SecureRandom();

  public RecordingId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("must be 20 hexadecimal digits");
    }
  }

  static RecordingId next() {
    byte[] bytes = new byte[10];
    RANDOM.nextBytes(bytes);
    return new RecordingId(HexFormat.of().formatHex(bytes));
  }

  @Override
  public String toString() {
    return value;
  }
}
