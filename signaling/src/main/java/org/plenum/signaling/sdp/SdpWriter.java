package org.plenum.signaling.sdp;

/// Writes a session description (RFC 8866 §5). Every media section gets the connection line that
/// says "see the candidates" (RFC 9429 §5.2.1).
public final class SdpWriter {
  private static final String EOL = "\r\n";

  private SdpWriter() {}

  public static String write(SessionDescription description) {
    var out = new StringBuilder(4096);
    Origin origin = description.origin();
    out.append("v=0").append(EOL);
    out.append("o=").append(origin.username());
    out.append(' ').append(origin.sessionId());
    out.append(' ').append(origin.version());
    out.append(" IN ").append(origin.addressType());
    out.append(' ').append(origin.address()).append(EOL);
    out.append("s=").append(description.sessionName()).append(EOL);
    out.append("t=0 0").append(EOL);
    write(description.attributes(), out);
    for (MediaDescription media : description.media()) {
      write(media, out);
    }
    return out.toString();
  }

  private static void write(MediaDescription media, StringBuilder out) {
    out.append("m=").append(media.kind());
    out.append(' ').append(media.port());
    out.append(' ').append(media.protocol());
    for (String format : media.formats()) {
      out.append(' ').append(format);
    }
    out.append(EOL).append("c=IN IP4 0.0.0.0").append(EOL);
    write(media.attributes(), out);
  }

  private static void write(Attributes attributes, StringBuilder out) {
    for (Attribute attribute : attributes.list()) {
      out.append("a=").append(attribute.name());
      if (attribute.value() != null) {
        out.append(':').append(attribute.value());
      }
      out.append(EOL);
    }
  }
}
