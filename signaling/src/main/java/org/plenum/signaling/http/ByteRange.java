package org.plenum.signaling.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A part of a file that a request asks for (RFC 9110 §14).
///
/// @param first byte
/// @param length at least 1, unless the file is empty
record ByteRange(long first, long length) {
  private static final Pattern FORM = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

  /// Returns null if the whole is to be sent: nothing else was asked for, or several parts, or in a
  /// way that is not understood.
  ///
  /// @param header the field `Range`
  /// @param size of the file
  /// @return of length 0 if there is no such part
  static @Nullable ByteRange of(@Nullable String header, long size) {
    Matcher range = header == null ? null : FORM.matcher(header.strip());
    if (range == null || !range.matches()) {
      return null;
    }
    String from = range.group(1);
    String to = range.group(2);
    if (from.isEmpty() && to.isEmpty()) {
      return null;
    }
    if (from.isEmpty()) {
      long length = Math.min(size, Long.parseLong(to));
      return new ByteRange(size - length, length);
    }
    long first = Long.parseLong(from);
    long last = to.isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(to));
    if (!to.isEmpty() && Long.parseLong(to) < first) {
      return null;
    }
    return new ByteRange(first, Math.max(0, last - first + 1));
  }

  /// The field `Content-Range`.
  String contentRange(long size) {
    return length == 0
        ? "bytes */" + size
        : "bytes " + first + "-" + (first + length - 1) + "/" + size;
  }
}
