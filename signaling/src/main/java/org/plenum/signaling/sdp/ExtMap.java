package org.plenum.signaling.sdp;

import org.jspecify.annotations.Nullable;

/// A header extension and its id: `a=extmap` (RFC 8285 §8).
///
/// @param id 1 to 255, but not 15 (RFC 8285 §4.2 reserves it)
/// @param direction who sends it, if the section's own direction is not meant
/// @param uri names the extension; extension attributes behind it are not kept
public record ExtMap(int id, @Nullable Direction direction, String uri) {
  public static ExtMap parse(Attribute attribute) throws SdpException {
    String[] fields = attribute.requireValue().split(" ", 3);
    if (fields.length < 2 || fields[1].isEmpty()) {
      throw attribute.error("must be <id>[/<direction>] <URI>");
    }
    int slash = fields[0].indexOf('/');
    int id = (int) Tokens.number(slash < 0 ? fields[0] : fields[0].substring(0, slash), 255);
    if (id < 1 || id == 15) {
      throw attribute.error("needs an id from 1 to 255 but not 15: " + Tokens.shown(fields[0]));
    }
    if (slash < 0) {
      return new ExtMap(id, null, fields[1]);
    }
    Direction direction = Direction.named(fields[0].substring(slash + 1));
    if (direction == null) {
      throw attribute.error("has an unknown direction: " + Tokens.shown(fields[0]));
    }
    return new ExtMap(id, direction, fields[1]);
  }

  public Attribute toAttribute() {
    String suffix = direction == null ? "" : "/" + direction.attributeName();
    return Attribute.of("extmap", id + suffix + " " + uri);
  }
}
