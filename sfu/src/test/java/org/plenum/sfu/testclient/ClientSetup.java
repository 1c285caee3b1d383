package org.plenum.sfu.testclient;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.plenum.sfu.Codec;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.rtp.HeaderExtension;
import org.plenum.sfu.srtp.SrtpProfile;

/// How a client negotiates: two of them differ in all numbers that the SFU must map.
///
/// @param publishes whether it sends a microphone and a camera
/// @param seats seats with an audio and a video slot each
/// @param extraAudio audio slots in no seat
/// @param ids of the header extensions
public record ClientSetup(
    boolean publishes,
    int seats,
    int extraAudio,
    SrtpProfile profile,
    Codec opus,
    Codec vp8,
    Map<HeaderExtension, Integer> ids) {
  private static final Set<Codec.Feedback> VIDEO_FEEDBACK =
      Set.of(
          Codec.Feedback.NACK, Codec.Feedback.PLI, Codec.Feedback.FIR, Codec.Feedback.TRANSPORT_CC);

  /// As Chromium numbers things.
  public static ClientSetup first() {
    return new ClientSetup(
        true,
        2,
        0,
        SrtpProfile.AEAD_AES_128_GCM,
        opus(111),
        vp8(96, 97),
        ids(
            Map.of(
                HeaderExtension.MID, 4,
                HeaderExtension.TRANSPORT_CC, 3,
                HeaderExtension.ABS_SEND_TIME, 2,
                HeaderExtension.AUDIO_LEVEL, 1,
                HeaderExtension.VIDEO_ORIENTATION, 13,
                HeaderExtension.PLAYOUT_DELAY, 5)));
  }

  /// Other numbers, among them an id that needs the two-byte form.
  public static ClientSetup second() {
    return new ClientSetup(
        true,
        2,
        0,
        SrtpProfile.AEAD_AES_128_GCM,
        opus(109),
        vp8(120, 124),
        ids(
            Map.of(
                HeaderExtension.MID, 9,
                HeaderExtension.TRANSPORT_CC, 7,
                HeaderExtension.ABS_SEND_TIME, 8,
                HeaderExtension.AUDIO_LEVEL, 14,
                HeaderExtension.VIDEO_ORIENTATION, 20,
                HeaderExtension.PLAYOUT_DELAY, 12)));
  }

  public ClientSetup with(SrtpProfile other) {
    return new ClientSetup(publishes, seats, extraAudio, other, opus, vp8, ids);
  }

  public ClientSetup withSeats(int number, int extra) {
    return new ClientSetup(publishes, number, extra, profile, opus, vp8, ids);
  }

  public ClientSetup withoutMedia() {
    return new ClientSetup(false, seats, extraAudio, profile, opus, vp8, ids);
  }

  public ClientSetup withoutRtx() {
    var plain = new Codec(CodecName.VP8, vp8.payloadType(), Codec.NO_RTX, vp8.feedback(), Map.of());
    return new ClientSetup(publishes, seats, extraAudio, profile, opus, plain, ids);
  }

  public int id(HeaderExtension extension) {
    return ids.get(extension);
  }

  private static Map<HeaderExtension, Integer> ids(Map<HeaderExtension, Integer> numbers) {
    return new EnumMap<>(numbers);
  }

  private static Codec opus(int payloadType) {
    return new Codec(
        CodecName.OPUS, payloadType, Codec.NO_RTX, Set.of(Codec.Feedback.TRANSPORT_CC), Map.of());
  }

  private static Codec vp8(int payloadType, int rtxPayloadType) {
    return new Codec(CodecName.VP8, payloadType, rtxPayloadType, VIDEO_FEEDBACK, Map.of());
  }
}
