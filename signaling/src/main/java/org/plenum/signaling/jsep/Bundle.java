package org.plenum.signaling.jsep;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.Mid;
import org.plenum.signaling.sdp.Attribute;
import org.plenum.signaling.sdp.Group;
import org.plenum.signaling.sdp.SdpException;
import org.plenum.signaling.sdp.SessionDescription;

/// The BUNDLE group of an offer (RFC 9143 §7): every live section must be in it. A section that is
/// alone shares its transport with nobody and needs no group.
///
/// @param sections in the order of the group, rejected ones included; not empty once a section was
/// accepted
record Bundle(List<OfferedSection> sections) {
  Bundle {
    sections = List.copyOf(sections);
  }

  static Bundle read(SessionDescription offer, List<OfferedSection> offered) throws SdpException {
    Group group = group(offer);
    List<OfferedSection> live = offered.stream().filter(OfferedSection::isLive).toList();
    if (group == null && live.size() == 1) {
      return new Bundle(live);
    }
    if (group == null) {
      throw new InvalidOfferException("a=group", "the offer has no BUNDLE group");
    }
    var members = new ArrayList<OfferedSection>();
    var mids = new HashSet<String>();
    for (String mid : group.mids()) {
      if (!mids.add(mid)) {
        throw new InvalidOfferException("a=group", "BUNDLE names a mid twice");
      }
      members.add(find(mid, offered));
    }
    for (OfferedSection section : offered) {
      Mid mid = section.mid();
      if (section.isLive() && mid != null && !mids.contains(mid.value())) {
        throw new InvalidOfferException(
            "a=group", "section " + mid + " is not in the BUNDLE group");
      }
    }
    return new Bundle(members);
  }

  OfferedSection section(String mid) {
    return find(mid, sections);
  }

  /// The group as the answer has it, in the same order (RFC 8843 §7.3).
  List<Mid> accepted(List<Section> negotiated) {
    var mids = new HashSet<Mid>();
    for (Section section : negotiated) {
      if (section instanceof Section.Accepted accepted) {
        mids.add(accepted.mid());
      }
    }
    var order = new ArrayList<Mid>();
    for (OfferedSection section : sections) {
      Mid mid = section.mid();
      if (mid != null && mids.contains(mid)) {
        order.add(mid);
      }
    }
    if (order.isEmpty()) {
      throw new InvalidOfferException("m=", "the offer has no section that can be accepted");
    }
    return order;
  }

  /// Null if there is none.
  static @Nullable Group group(SessionDescription offer) throws SdpException {
    for (Attribute attribute : offer.attributes().all("group")) {
      Group group = Group.parse(attribute);
      if (group.semantics().equals(Group.BUNDLE)) {
        return group;
      }
    }
    return null;
  }

  private static OfferedSection find(String mid, List<OfferedSection> offered) {
    for (OfferedSection section : offered) {
      Mid own = section.mid();
      if (own != null && own.value().equals(mid)) {
        return section;
      }
    }
    throw new InvalidOfferException("a=group", "BUNDLE names a mid that no section has");
  }
}
