package org.plenum.signaling.sdp;

/// One encoding of a section and who sends it: `a=rid` (RFC 8851 §10). Restrictions behind it are
/// not kept: they bind the sender, who wrote them.
///
/// @param id letters, digits, '-' and '_'
/// @param direction `send` or `recv`
public record RidAttribute(String id, String direction) {
  public static final String SEND = "send";
  public static final String RECV = "recv";

  public static RidAttribute parse(Attribute attribute) throws SdpException {
    String[] fields = attribute.requireValue().trim().split(" +", 3);
    if (fields.length < 2 || !(fields[1].equals(SEND) || fields[1].equals(RECV))) {
      throw attribute.error("must be <id> send|recv …");
    }
    return new RidAttribute(fields[0], fields[1]);
  }

  public Attribute toAttribute() {
    return Attribute.of("rid", id + " " + direction);
  }
}
