package org.plenum.signaling.config;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.SfuConfig.PortRange;

/// A range of UDP ports, or none.
final class PortRanges {
  private static final Pattern RANGE = Pattern.compile("(\\d{1,5})-(\\d{1,5})");
  private static final String ALLOWED =
      "FIRST-LAST, within 1024 to 65535 and " + PortRange.MOST + " ports at the most, or empty";

  static final SettingType<Optional<PortRange>> TYPE =
      new SettingType<>("ports", ALLOWED, false, PortRanges::read);

  private PortRanges() {}

  private static @Nullable Optional<PortRange> read(Object value) {
    if (!(value instanceof String text)) {
      return null;
    }
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Matcher range = RANGE.matcher(text);
    if (!range.matches()) {
      return null;
    }
    return Optional.of(
        new PortRange(Integer.parseInt(range.group(1)), Integer.parseInt(range.group(2))));
  }
}
