package org.plenum.signaling.jsep;

import java.util.ArrayList;
import java.util.List;
import org.plenum.ice.candidate.Candidate;
import org.plenum.sfu.Mid;
import org.plenum.sfu.TransportAnswer;
import org.plenum.signaling.sdp.Attribute;
import org.plenum.signaling.sdp.Attributes;
import org.plenum.signaling.sdp.Fingerprint;
import org.plenum.signaling.sdp.Group;
import org.plenum.signaling.sdp.MediaDescription;
import org.plenum.signaling.sdp.Origin;
import org.plenum.signaling.sdp.SessionDescription;

/// Puts an answer together (RFC 9429 §5.3). ICE credentials and the setup role are repeated in
/// every accepted section: RFC 8843 asks for them in the first only, but not every client
/// looks there.
final class AnswerBuilder {
  private final SessionDescription offer;
  private final List<Section> sections;
  private final List<Mid> bundle;
  private final boolean grouped;
  private final SectionAnswer sectionAnswer;

  /// @param bundle mids of the accepted sections; the first one's section gets the candidates
  /// @param grouped whether the offer has a BUNDLE group
  AnswerBuilder(
      SessionDescription offer,
      List<Section> sections,
      List<Mid> bundle,
      boolean grouped,
      SectionAnswer sectionAnswer) {
    this.offer = offer;
    this.sections = List.copyOf(sections);
    this.bundle = List.copyOf(bundle);
    this.grouped = grouped;
    this.sectionAnswer = sectionAnswer;
  }

  /// In the order of the offer.
  List<Section> sections() {
    return sections;
  }

  SessionDescription build(Origin origin, TransportAnswer transport) {
    var media = new ArrayList<MediaDescription>();
    for (Section section : sections) {
      media.add(
          switch (section) {
            case Section.Rejected rejected -> rejected(rejected.offered());
            case Section.Accepted accepted -> accepted(accepted, transport);
          });
    }
    return new SessionDescription(origin, "-", session(transport), media);
  }

  private Attributes session(TransportAnswer transport) {
    var list = new ArrayList<Attribute>();
    // RFC 5888 §9.2: an answer groups nothing that the offer did not.
    if (grouped) {
      list.add(new Group(Group.BUNDLE, bundle.stream().map(Mid::value).toList()).toAttribute());
    }
    list.add(Attribute.of("ice-lite"));
    if (offer.attributes().has("extmap-allow-mixed")) {
      list.add(Attribute.of("extmap-allow-mixed"));
    }
    list.add(Attribute.of("msid-semantic", " WMS *"));
    list.add(
        new Fingerprint(transport.fingerprint().hash(), transport.fingerprint().value())
            .toAttribute());
    return new Attributes(list);
  }

  /// RFC 3264 §6: port 0, and at least one format, which means nothing.
  private static MediaDescription rejected(MediaDescription offered) {
    var list = new ArrayList<Attribute>();
    Attribute mid = offered.attributes().first("mid");
    if (mid != null) {
      list.add(mid);
    }
    list.add(Attribute.of("inactive"));
    return new MediaDescription(
        offered.kind(),
        0,
        offered.protocol(),
        List.of(offered.formats().getFirst()),
        new Attributes(list),
        0);
  }

  private MediaDescription accepted(Section.Accepted section, TransportAnswer transport) {
    var list = new ArrayList<Attribute>();
    if (section.mid().equals(bundle.getFirst())) {
      for (Candidate candidate : transport.candidates()) {
        list.add(CandidateLine.of(candidate));
      }
      list.add(Attribute.of("end-of-candidates"));
    }
    list.add(Attribute.of("ice-ufrag", transport.ice().ufrag()));
    list.add(Attribute.of("ice-pwd", transport.ice().password()));
    list.add(Attribute.of("setup", "passive"));
    list.addAll(sectionAnswer.attributes(section, transport));
    MediaDescription offered = section.offered();
    // RFC 8840 §4.1.1: port 9 at 0.0.0.0 says that only the candidates count.
    return new MediaDescription(
        offered.kind(),
        9,
        offered.protocol(),
        SectionAnswer.formats(section, transport),
        new Attributes(list),
        0);
  }
}
