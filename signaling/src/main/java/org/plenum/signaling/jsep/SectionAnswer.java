package org.plenum.signaling.jsep;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.plenum.sfu.Codec;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.Rid;
import org.plenum.sfu.SlotParameters;
import org.plenum.sfu.TransportAnswer;
import org.plenum.sfu.TransportAnswer.SlotSsrcs;
import org.plenum.signaling.sdp.Attribute;
import org.plenum.signaling.sdp.Attributes;
import org.plenum.signaling.sdp.Direction;
import org.plenum.signaling.sdp.ExtMap;
import org.plenum.signaling.sdp.FormatParameters;
import org.plenum.signaling.sdp.RidAttribute;
import org.plenum.signaling.sdp.RtcpFeedback;
import org.plenum.signaling.sdp.RtpMap;
import org.plenum.signaling.sdp.Simulcast;
import org.plenum.signaling.sdp.SsrcAttribute;
import org.plenum.signaling.sdp.SsrcGroup;

/// Writes the media part of an accepted section: direction, header extensions, codecs, SSRCs.
final class SectionAnswer {
  /// As browsers say it; receivers keep packets for as long as they like.
  private static final String REPAIR_WINDOW_MICROS = "10000000";

  private final Seats seats;
  private final boolean streamFeedback;

  /// @param streamFeedback whether the client is to report by RFC 8888
  SectionAnswer(Seats seats, boolean streamFeedback) {
    this.seats = seats;
    this.streamFeedback = streamFeedback;
  }

  /// The payload types, each codec's followed by that of its retransmissions. That of redundancy is
  /// first where the client sends: browsers send what is first.
  static List<String> formats(Section.Accepted section, TransportAnswer transport) {
    var formats = new ArrayList<String>();
    boolean isTrack = section.direction() == Direction.RECVONLY;
    for (Codec codec : codecs(section, transport)) {
      if (codec.hasRed() && isTrack) {
        formats.add(Integer.toString(codec.redPayloadType()));
      }
      formats.add(Integer.toString(codec.payloadType()));
      if (codec.hasRed() && !isTrack) {
        formats.add(Integer.toString(codec.redPayloadType()));
      }
      if (codec.hasRtx()) {
        formats.add(Integer.toString(codec.rtxPayloadType()));
      }
    }
    if (section.fecPayloadType() != SlotParameters.NO_FEC) {
      formats.add(Integer.toString(section.fecPayloadType()));
    }
    return formats;
  }

  /// What the room takes of a track's codecs, in its order; a browser sends the first.
  private static List<Codec> codecs(Section.Accepted section, TransportAnswer transport) {
    return transport.tracks().getOrDefault(section.mid(), section.codecs());
  }

  List<Attribute> attributes(Section.Accepted section, TransportAnswer transport) {
    var list = new ArrayList<Attribute>();
    Attributes offered = section.offered().attributes();
    list.add(Attribute.of("mid", section.mid().value()));
    list.add(section.direction().toAttribute());
    list.add(Attribute.of("rtcp-mux"));
    addIfOffered("rtcp-rsize", offered, list);
    addIfOffered("extmap-allow-mixed", offered, list);
    section.extensions().stream().map(ExtMap::toAttribute).forEach(list::add);
    boolean isTrack = section.direction() == Direction.RECVONLY;
    codecs(section, transport).forEach(codec -> addCodec(codec, isTrack, list));
    if (streamFeedback && section.direction() == Direction.SENDONLY) {
      list.addAll(
          StreamFeedback.answer(
              section.offered(), codecs(section, transport), section.fecPayloadType()));
    }
    if (section.fecPayloadType() != SlotParameters.NO_FEC) {
      addFlexFec(section.fecPayloadType(), list);
    }
    addRids(section.rids(), list);
    if (section.direction() == Direction.SENDONLY) {
      addSources(section, transport, list);
    }
    return list;
  }

  /// RFC 8853 §5.3.2: what the offerer sends, we receive.
  private static void addRids(List<Rid> rids, List<Attribute> list) {
    if (rids.isEmpty()) {
      return;
    }
    List<String> ids = rids.stream().map(Rid::value).toList();
    ids.forEach(id -> list.add(new RidAttribute(id, RidAttribute.RECV).toAttribute()));
    list.add(new Simulcast(List.of(), ids).toAttribute());
  }

  private static void addIfOffered(String name, Attributes offered, List<Attribute> list) {
    if (offered.has(name)) {
      list.add(Attribute.of(name));
    }
  }

  private static void addCodec(Codec codec, boolean isTrack, List<Attribute> list) {
    CodecName name = codec.name();
    int payloadType = codec.payloadType();
    list.add(
        new RtpMap(payloadType, name.encodingName(), name.clockRate(), name.channels())
            .toAttribute());
    SupportedCodec supported = SupportedCodec.of(name);
    Map<String, String> parameters =
        isTrack ? supported.asked(codec.parameters()) : supported.echoed(codec.parameters());
    if (!parameters.isEmpty()) {
      list.add(new FormatParameters(payloadType, parameters).toAttribute());
    }
    codec.feedback().stream()
        .sorted()
        .map(feedback -> new RtcpFeedback(payloadType, FeedbackNames.name(feedback)))
        .map(RtcpFeedback::toAttribute)
        .forEach(list::add);
    if (codec.hasRtx()) {
      list.add(new RtpMap(codec.rtxPayloadType(), "rtx", name.clockRate(), 1).toAttribute());
      var apt = Map.of("apt", Integer.toString(payloadType));
      list.add(new FormatParameters(codec.rtxPayloadType(), apt).toAttribute());
    }
    if (codec.hasRed()) {
      int red = codec.redPayloadType();
      list.add(new RtpMap(red, "red", name.clockRate(), name.channels()).toAttribute());
      // RFC 2198 §5
      var blocks = Map.of(payloadType + "/" + payloadType, "");
      list.add(new FormatParameters(red, blocks).toAttribute());
    }
  }

  /// draft-ietf-payload-flexible-fec-scheme-03 §5.1.
  private static void addFlexFec(int payloadType, List<Attribute> list) {
    list.add(new RtpMap(payloadType, Codecs.FLEX_FEC, Codecs.FLEX_FEC_CLOCK_RATE, 1).toAttribute());
    var window = Map.of("repair-window", REPAIR_WINDOW_MICROS);
    list.add(new FormatParameters(payloadType, window).toAttribute());
  }

  /// Firefox ties retransmissions to their stream by FID only, and Chromium asks for them in vain
  /// without it.
  private void addSources(
      Section.Accepted section, TransportAnswer transport, List<Attribute> list) {
    SlotSsrcs ssrcs = transport.slots().get(section.mid());
    if (ssrcs == null) {
      throw new IllegalStateException("slot " + section.mid() + " was given no SSRC");
    }
    list.add(Attribute.of("msid", seats.msid(section.mid(), section.kind())));
    String cname = "cname:" + transport.cname();
    var all = new ArrayList<Integer>();
    all.add(ssrcs.ssrc());
    if (ssrcs.rtxSsrc() != 0) {
      all.add(ssrcs.rtxSsrc());
      list.add(group(SsrcGroup.FID, ssrcs.ssrc(), ssrcs.rtxSsrc()));
    }
    if (ssrcs.fecSsrc() != 0) {
      all.add(ssrcs.fecSsrc());
      list.add(group(SsrcGroup.FEC_FR, ssrcs.ssrc(), ssrcs.fecSsrc()));
    }
    all.forEach(ssrc -> list.add(new SsrcAttribute(ssrc, cname).toAttribute()));
  }

  private static Attribute group(String semantics, int ssrc, int other) {
    return new SsrcGroup(semantics, List.of(ssrc, other)).toAttribute();
  }
}
