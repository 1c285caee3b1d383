package org.plenum.sfu.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.plenum.sfu.CodecName.AV1;
import static org.plenum.sfu.CodecName.H264;
import static org.plenum.sfu.CodecName.VP8;
import static org.plenum.sfu.CodecName.VP9;
import static org.plenum.sfu.room.TestCodecs.h264;
import static org.plenum.sfu.room.TestCodecs.video;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.Codec;

class CodecPolicyTest {
  private static final String BASELINE = "42e01f";
  private static final String MAIN = "4d001f";

  @Test
  void theRoomsFavouritesComeFirstWhateverTheOfferPrefers() {
    var policy = new CodecPolicy(List.of(VP9, VP8));
    assertEquals(
        List.of(video(VP9), video(VP8)),
        policy.accept(List.of(video(AV1), video(VP8), video(H264), video(VP9))));
  }

  @Test
  void nothingInCommonIsNothing() {
    assertEquals(List.of(), new CodecPolicy(List.of(VP8)).accept(List.of(video(AV1))));
  }

  @Test
  void ofH264TheProfileThatEveryoneDecodesComesFirstAndModeOneBeforeModeZero() {
    Codec main1 = h264(100, MAIN, "1");
    Codec baseline0 = h264(101, BASELINE, "0");
    Codec baseline1 = h264(102, BASELINE, "1");
    Codec main0 = h264(103, MAIN, "0");
    var policy = new CodecPolicy(List.of(H264, VP8));
    assertEquals(
        List.of(baseline1, main1, baseline0, main0, video(VP8)),
        policy.accept(List.of(video(VP8), main0, main1, baseline0, baseline1)));
  }

  @Test
  void theChosenOneIsPutFirstAndTheOthersKeepTheirOrder() {
    List<Codec> accepted = List.of(video(VP8), video(H264), video(AV1));
    assertEquals(
        List.of(video(AV1), video(VP8), video(H264)), CodecPolicy.withFirst(video(AV1), accepted));
    assertEquals(accepted, CodecPolicy.withFirst(video(VP8), accepted));
  }
}
