package org.plenum.signaling;

import java.util.List;

/// A request of WHIP or WHEP and what answers it. `{session}` in the path stands for a session that
/// was just made, `{etag}` in a header for its entity-tag.
///
/// @param expected headers as `Name: regular expression`, `Name:` for one that must be absent, and
/// `>` before what the body must contain
record WhipRow(
    String what,
    String request,
    List<String> headers,
    String body,
    int status,
    String... expected) {
  static final String SDP = "application/sdp";
  static final String FRAGMENT = "application/trickle-ice-sdpfrag";

  static WhipRow post(String what, String path, String body, int status, String... expected) {
    return row(what, "POST " + path, List.of("Content-Type: " + SDP), body, status, expected);
  }

  /// Of a session in the room blue.
  static WhipRow patch(String what, String ifMatch, String body, int status, String... expected) {
    List<String> headers = List.of("Content-Type: " + FRAGMENT, "If-Match: " + ifMatch);
    return row(what, "PATCH /whip/blue/{session}", headers, body, status, expected);
  }

  static WhipRow row(String what, String request, int status, String... expected) {
    return row(what, request, List.of(), "", status, expected);
  }

  static WhipRow row(
      String what,
      String request,
      List<String> headers,
      String body,
      int status,
      String... expected) {
    return new WhipRow(what, request, headers, body, status, expected);
  }

  @Override
  public String toString() {
    return what + ": " + request + " → " + status;
  }
}
