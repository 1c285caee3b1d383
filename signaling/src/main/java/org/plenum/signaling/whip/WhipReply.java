package org.plenum.signaling.whip;

import java.util.ArrayList;
import java.util.List;

/// An answer, to be written as it is.
///
/// @param body empty for none
public record WhipReply(WhipStatus status, List<Header> headers, String body) {
  /// One header line; a name may come several times.
  public record Header(String name, String value) {}

  public WhipReply {
    headers = List.copyOf(headers);
  }

  static WhipReply of(WhipStatus status) {
    return new WhipReply(status, List.of(), "");
  }

  WhipReply with(String name, String value) {
    return with(List.of(new Header(name, value)));
  }

  WhipReply with(List<Header> more) {
    var all = new ArrayList<Header>(headers);
    all.addAll(more);
    return new WhipReply(status, all, body);
  }

  WhipReply body(String contentType, String text) {
    return new WhipReply(status, headers, text).with("Content-Type", contentType);
  }
}
