package org.plenum.signaling.jsep;

import java.util.ArrayList;
import java.util.List;
import org.plenum.sfu.Codec;
import org.plenum.sfu.SlotParameters;
import org.plenum.signaling.sdp.Attribute;
import org.plenum.signaling.sdp.MediaDescription;
import org.plenum.signaling.sdp.RtcpFeedback;
import org.plenum.signaling.sdp.SdpException;

/// Congestion control feedback by stream, `ack ccfb` (RFC 8888 §6): for all payload types of a
/// section or for none. The RFC wants the wildcard; Chromium lists each payload type, so both are
/// read, and the answer is in the form of the offer.
final class StreamFeedback {
  private static final String NAME = "ack ccfb";

  private StreamFeedback() {}

  /// Whether it is offered for all that was accepted.
  static boolean isOffered(MediaDescription media, List<Codec> codecs) throws SdpException {
    List<RtcpFeedback> offered = offered(media);
    for (int payloadType : payloadTypes(codecs)) {
      if (offered.stream().noneMatch(feedback -> feedback.concerns(payloadType))) {
        return false;
      }
    }
    return true;
  }

  /// What the answer says, once it [#isOffered].
  ///
  /// @param fecPayloadType of repair packets, or [SlotParameters#NO_FEC]
  static List<Attribute> answer(MediaDescription media, List<Codec> codecs, int fecPayloadType) {
    List<Integer> payloadTypes = payloadTypes(codecs);
    if (says(media, "*")) {
      payloadTypes = List.of(RtcpFeedback.ANY);
    } else if (fecPayloadType != SlotParameters.NO_FEC && says(media, "" + fecPayloadType)) {
      payloadTypes.add(fecPayloadType);
    }
    return payloadTypes.stream().map(type -> new RtcpFeedback(type, NAME).toAttribute()).toList();
  }

  /// Whether it is offered for these very payload types.
  private static boolean says(MediaDescription media, String payloadTypes) {
    String value = payloadTypes + " " + NAME;
    return media.attributes().all("rtcp-fb").stream().anyMatch(fb -> value.equals(fb.value()));
  }

  private static List<RtcpFeedback> offered(MediaDescription media) throws SdpException {
    List<RtcpFeedback> offered = new ArrayList<>();
    for (Attribute attribute : media.attributes().all("rtcp-fb")) {
      RtcpFeedback feedback = RtcpFeedback.parse(attribute);
      if (feedback.value().equals(NAME)) {
        offered.add(feedback);
      }
    }
    return offered;
  }

  private static List<Integer> payloadTypes(List<Codec> codecs) {
    List<Integer> payloadTypes = new ArrayList<>();
    for (Codec codec : codecs) {
      payloadTypes.add(codec.payloadType());
      if (codec.hasRtx()) {
        payloadTypes.add(codec.rtxPayloadType());
      }
    }
    return payloadTypes;
  }
}
