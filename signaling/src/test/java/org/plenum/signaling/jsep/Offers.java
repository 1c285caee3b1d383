package org.plenum.signaling.jsep;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.plenum.ice.agent.IceCredentials;
import org.plenum.ice.candidate.Candidate;
import org.plenum.sfu.Codec;
import org.plenum.sfu.Mid;
import org.plenum.sfu.SeatParameters;
import org.plenum.sfu.SlotParameters;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.TransportAnswer;
import org.plenum.sfu.TransportAnswer.SlotSsrcs;
import org.plenum.sfu.TransportOffer;
import org.plenum.sfu.dtls.DtlsFingerprint;
import org.plenum.signaling.sdp.MediaDescription;
import org.plenum.signaling.sdp.SdpException;
import org.plenum.signaling.sdp.SdpParser;

/// Offers of real browsers, and an SFU's side to answer them with.
final class Offers {
  static final String CHROMIUM = fixture("chromium-four-seats");
  static final String FIREFOX = fixture("firefox-four-seats");
  static final String CHROMIUM_SIMULCAST = fixture("chromium-simulcast-data");
  static final String FIREFOX_SIMULCAST = fixture("firefox-simulcast-data");

  /// What the page says beside the four-seats offers.
  static final List<TrackHint> TRACKS =
      List.of(
          new TrackHint(new Mid("0"), TrackSource.MICROPHONE, true),
          new TrackHint(new Mid("1"), TrackSource.CAMERA, false));

  static final List<SeatParameters> SEATS = seats(4, 2);

  private Offers() {}

  /// Pairs of audio and video, from a mid on.
  static List<SeatParameters> seats(int count, int firstMid) {
    var seats = new ArrayList<SeatParameters>();
    for (int i = 0; i < count; i++) {
      seats.add(new SeatParameters(i, mid(firstMid + 2 * i), mid(firstMid + 2 * i + 1)));
    }
    return seats;
  }

  static Mid mid(int number) {
    return new Mid(Integer.toString(number));
  }

  static String fixture(String name) {
    String path = "/org/plenum/signaling/sdp/" + name + ".sdp";
    try (InputStream in = Offers.class.getResourceAsStream(path)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// An SFU that gives slot n the SSRCs 1000 + n, for RTX 2000 + n, for repair packets 3000 + n.
  static TransportAnswer answerTo(TransportOffer offer) {
    return answerTo(offer, Map.of());
  }

  /// @param tracks what the room takes of the codecs of tracks; all where it is not said
  static TransportAnswer answerTo(TransportOffer offer, Map<Mid, List<Codec>> tracks) {
    Map<Mid, SlotSsrcs> slots = new HashMap<>();
    int n = 0;
    for (SlotParameters slot : offer.slots()) {
      boolean rtx = slot.codecs().stream().anyMatch(Codec::hasRtx);
      boolean fec = slot.fecPayloadType() != SlotParameters.NO_FEC;
      slots.put(slot.mid(), new SlotSsrcs(1000 + n, rtx ? 2000 + n : 0, fec ? 3000 + n : 0));
      n++;
    }
    return new TransportAnswer(
        new IceCredentials("abcd", "abcdefghijklmnopqrstuvwx"),
        new DtlsFingerprint("sha-256", "AB" + ":CD".repeat(31)),
        List.of(candidate("192.0.2.7", Candidate.Type.HOST)),
        "plenum",
        slots,
        tracks);
  }

  static Candidate candidate(String address, Candidate.Type type) {
    try {
      return new Candidate(
          "1",
          Candidate.Transport.UDP,
          2_130_706_431L,
          InetAddress.getByName(address),
          10_000,
          type);
    } catch (UnknownHostException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<MediaDescription> sectionsOf(String sdp) throws SdpException {
    return SdpParser.parse(sdp).media();
  }

  /// The values of all attributes of that name in a section.
  static List<String> values(MediaDescription media, String name) {
    return media.attributes().all(name).stream().map(a -> String.valueOf(a.value())).toList();
  }
}
