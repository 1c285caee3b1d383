package org.plenum.signaling.jsep;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.plenum.sfu.Mid;
import org.plenum.sfu.Rid;
import org.plenum.signaling.sdp.Attribute;
import org.plenum.signaling.sdp.Attributes;
import org.plenum.signaling.sdp.RidAttribute;
import org.plenum.signaling.sdp.SdpException;
import org.plenum.signaling.sdp.Simulcast;

/// The encodings in which a client offers to send a track (RFC 8853 §5.3.2).
final class Rids {
  /// More than browsers make; the answer leaves out what is beyond, so that it is not sent.
  static final int MOST = 4;

  private Rids() {}

  /// Empty if the section offers no simulcast.
  static List<Rid> read(Attributes media, Mid mid) throws SdpException {
    Set<String> sent = new HashSet<>();
    for (Attribute attribute : media.all("rid")) {
      RidAttribute rid = RidAttribute.parse(attribute);
      if (!sent.add(rid.id())) {
        throw new InvalidOfferException(
            "a=rid", "section " + mid + " has the rid " + rid.id() + " twice");
      }
      if (!rid.direction().equals(RidAttribute.SEND)) {
        sent.remove(rid.id());
      }
    }
    Attribute line = media.first("simulcast");
    return line == null ? List.of() : listed(Simulcast.parse(line), sent, mid);
  }

  /// What is listed but not described does not exist (RFC 8853 §5.1).
  private static List<Rid> listed(Simulcast simulcast, Set<String> described, Mid mid) {
    List<Rid> rids = new ArrayList<>();
    for (String id : simulcast.send()) {
      if (!described.contains(id)) {
        continue;
      }
      Rid rid = rid(id, mid);
      if (rids.contains(rid)) {
        throw new InvalidOfferException(
            "a=simulcast", "section " + mid + " lists the rid " + id + " twice");
      }
      if (rids.size() < MOST) {
        rids.add(rid);
      }
    }
    return rids;
  }

  private static Rid rid(String id, Mid mid) {
    try {
      return new Rid(id);
    } catch (IllegalArgumentException e) {
      throw new InvalidOfferException("a=rid", "section " + mid + ": " + e.getMessage());
    }
  }
}
