package org.plenum.signaling.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Every codec of Chromium's, published by WHIP.
@Tag("browser")
@ExtendWith(CallExtension.class)
class CodecsBrowserTest {
  /// @param colour of the picture: tells whose it is
  private record Publication(String codec, String colour) {}

  private static final List<Publication> RING =
      List.of(
          new Publication("VP8", "red"),
          new Publication("H264", "blue"),
          new Publication("VP9", "purple"),
          new Publication("AV1", "brown"));

  @Test
  void everyCodecIsSeenOnThePageAndByWhep(Call call) {
    RING.forEach(publication -> publish(call, publication));
    WhipClient viewer = WhipClient.of(call, "Viewer");
    viewer.view("/whep/lobby", "'video', 'video', 'video', 'video'");
    ChromiumParticipant ada = call.join("Ada", Call.TINY);

    viewer.receivesIn("0", "1", "2", "3");
    assertEquals(
        Map.of("0", "video/VP8", "1", "video/H264", "2", "video/VP9", "3", "video/AV1"),
        viewer.codecs());
    RING.forEach(publication -> ada.seesMoving(publication.codec()));
    ada.screenshot("every-codec");
  }

  /// From each codec to the next and back again, in one slot, without a corrupt or frozen frame.
  @Test
  void aSlotGoesFromEachCodecToTheNextAndBack(Call call) {
    RING.forEach(publication -> publish(call, publication));
    SeatClient viewer = SeatClient.join(call, "Viewer");
    List<String> pictures = new ArrayList<>();
    long decoded = 0;
    long freezes = 0;
    for (Publication next : ringAndBack()) {
      viewer.show(next.codec());
      SeatClient.State state = viewer.sees(next.colour(), next.codec(), next.codec());
      System.out.printf("%s: new picture after %d ms%n", next, state.newPictureMillis());
      assertTrue(state.framesDecoded() > decoded, state.toString());
      assertEquals(freezes, state.freezeCount(), state.toString());
      decoded = state.framesDecoded();
      pictures.add(next.colour());
    }
    assertEquals(
        pictures, viewer.seen().stream().map(SeatClient.Seen::name).toList(), viewer.strange());
  }

  private static List<Publication> ringAndBack() {
    List<Publication> way = new ArrayList<>(RING);
    way.add(RING.getFirst());
    way.addAll(RING.reversed());
    return way;
  }

  private static void publish(Call call, Publication publication) {
    WhipClient.of(call, publication.codec())
        .publish(
            "/whip/lobby?name=" + publication.codec(),
            "{codecs: ['%s'], colour: '%s'}".formatted(publication.codec(), publication.colour()));
  }
}
