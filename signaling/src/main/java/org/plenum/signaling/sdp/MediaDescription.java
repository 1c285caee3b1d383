package org.plenum.signaling.sdp;

import java.util.List;

/// One media section: the `m=` line and the attributes below it (RFC 8866 §5.14).
///
/// @param kind audio, video, application or whatever the sender wrote
/// @param port 0 to 65535; 0 for a rejected or a bundle-only section
/// @param protocol e.g. UDP/TLS/RTP/SAVPF
/// @param formats at least one; payload types for RTP
/// @param line where its `m=` line was read, counted from 1; 0 if it was not read
public record MediaDescription(
    String kind, int port, String protocol, List<String> formats, Attributes attributes, int line) {
  public MediaDescription {
    formats = List.copyOf(formats);
  }

  /// Whether its sender wants no such section: port 0, unless that stands for "only in the bundle"
  /// (RFC 8843 §6).
  public boolean isRejected() {
    return port == 0 && !attributes.has("bundle-only");
  }

  static MediaDescription parse(String value, List<Attribute> attributes, int line)
      throws SdpException {
    String[] fields = value.split(" ", -1);
    if (fields.length < 4) {
      throw new SdpException("m= must be <media> <port> <protocol> <format> …", line);
    }
    if (!Tokens.isToken(fields[0])) {
      throw new SdpException("m= names no media: " + Tokens.shown(fields[0]), line);
    }
    int port = (int) Tokens.number(fields[1], 65_535);
    if (port < 0) {
      throw new SdpException("m= has no port: " + Tokens.shown(fields[1]), line);
    }
    for (String part : fields[2].split("/", -1)) {
      if (!Tokens.isToken(part)) {
        throw new SdpException("m= has no protocol: " + Tokens.shown(fields[2]), line);
      }
    }
    List<String> formats = List.of(fields).subList(3, fields.length);
    for (String format : formats) {
      if (!Tokens.isToken(format)) {
        throw new SdpException("m= has a format that is no token", line);
      }
    }
    return new MediaDescription(
        fields[0], port, fields[2], formats, new Attributes(attributes), line);
  }
}
