package org.plenum.sfu.room;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.RoomSettings;
import org.plenum.sfu.SeatView;
import org.plenum.sfu.TrackSource;

/// Views that ask for anything: seats that there are not, a thousand of them, nobody, oneself,
/// everybody's screen at once.
@Tag("fuzz")
class ViewFuzzTest {
  private static final String[] SOMEBODY = {"alice", "bob", "carol", "viewer", "nobody"};
  private static final TrackSource[][] PUBLISHED = {
    {TrackSource.MICROPHONE, TrackSource.CAMERA},
    {TrackSource.MICROPHONE, TrackSource.CAMERA, TrackSource.SCREEN, TrackSource.SCREEN_AUDIO},
    {TrackSource.SCREEN}
  };
  private static final int SEATS = 4;
  private static final int MOST_VIEWS = 4;
  private static final int MOST_ENTRIES = 1_000;

  /// Each seat shows what the view's last word on it says, or nothing; and that is what the viewer
  /// was told.
  @FuzzTest(maxDuration = "5s")
  void eachSeatShowsWhatTheViewSays(FuzzedDataProvider data) {
    var driver = new RoomDriver(RoomSettings.DEFAULT);
    for (int i = 0; i < PUBLISHED.length; i++) {
      driver.join(SOMEBODY[i]);
      driver.negotiate(SOMEBODY[i], 0, 0, PUBLISHED[i]);
    }
    driver.join("viewer");
    driver.negotiate("viewer", SEATS, 0, TrackSource.MICROPHONE, TrackSource.CAMERA);
    for (int i = 0; i < MOST_VIEWS && data.remainingBytes() > 0; i++) {
      Map<Integer, SeatView> shown = new HashMap<>();
      List<SeatView> view = new ArrayList<>();
      int entries = data.consumeInt(0, MOST_ENTRIES);
      while (view.size() < entries) {
        SeatView seat = entry(data);
        view.add(seat);
        shown.put(seat.seat(), seat);
      }
      driver.view("viewer", view.toArray(SeatView[]::new));
      assertEquals(bindings(shown), driver.bindings("viewer"));
      assertEquals(bindings(shown), driver.toldBindings("viewer"));
    }
    driver.room.close();
  }

  private static SeatView entry(FuzzedDataProvider data) {
    int seat = data.consumeBoolean() ? data.consumeInt(0, SEATS) : data.consumeInt();
    return new SeatView(
        seat,
        new ParticipantId(data.pickValue(SOMEBODY)),
        data.consumeBoolean(),
        data.pickValue(new int[] {0, 1, 720, 8192}),
        data.consumeInt(1, SeatView.ANY_FRAMERATE));
  }

  private static List<String> bindings(Map<Integer, SeatView> shown) {
    var bindings = new TreeSet<String>();
    for (int seat = 0; seat < SEATS; seat++) {
      SeatView view = shown.get(seat);
      String whom = view == null ? "" : view.participant().value();
      for (int i = 0; i < PUBLISHED.length; i++) {
        if (SOMEBODY[i].equals(whom)) {
          List<TrackSource> published = List.of(PUBLISHED[i]);
          if (published.contains(
              view.screen() ? TrackSource.SCREEN_AUDIO : TrackSource.MICROPHONE)) {
            bindings.add("a" + seat + "=" + whom);
          }
          TrackSource picture = view.screen() ? TrackSource.SCREEN : TrackSource.CAMERA;
          if (published.contains(picture) && view.maxHeight() > 0) {
            bindings.add("v" + seat + "=" + whom);
          }
        }
      }
    }
    return List.copyOf(bindings);
  }
}
