package org.plenum.signaling.protocol;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// One segment of a URL's path (RFC 3986 §3.3): what ids are in addresses.
public final class PathSegment {
  private PathSegment() {}

  /// As it stands in an address: UTF-8, percent-encoded where it must be.
  public static String encode(Object id) {
    return URLEncoder.encode(id.toString(), StandardCharsets.UTF_8).replace("+", "%20");
  }

  /// What was meant; the segment itself if that cannot be told. Parameters (`;…`) stay in it: no id
  /// has them.
  public static String decode(String segment) {
    try {
      return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return segment;
    }
  }
}
