package org.plenum.signaling.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.SeatView;

/// `view` messages of up to a thousand seats, with any numbers in them.
@Tag("fuzz")
class ViewMessageFuzzTest {
  private static final int MOST_SEATS = 256;
  private static final int MOST_ENTRIES = 1_000;
  private static final ParticipantId SOMEBODY = new ParticipantId("p");

  /// A view is taken as a whole and as it says, if each of its seats may be; else it is refused
  /// with the name of a field.
  @FuzzTest(maxDuration = "5s")
  void isTakenAsItSaysOrRefusedByName(FuzzedDataProvider data) {
    List<SeatView> seats = new ArrayList<>();
    List<String> entries = new ArrayList<>();
    Set<Long> numbers = new HashSet<>();
    int count = data.consumeInt(0, MOST_ENTRIES);
    boolean good = count <= MOST_SEATS;
    boolean counted = data.consumeBoolean();
    for (int i = 0; i < count; i++) {
      long seat = counted ? i : number(data, MOST_SEATS - 1);
      long height = number(data, 8_192);
      long framerate = number(data, SeatView.ANY_FRAMERATE);
      boolean screen = data.consumeBoolean();
      entries.add(entry(seat, screen, height, framerate));
      good &= numbers.add(seat) && isWithin(seat, 0, MOST_SEATS - 1);
      good &= isWithin(height, 0, 8_192) && isWithin(framerate, 1, SeatView.ANY_FRAMERATE);
      if (good) {
        seats.add(new SeatView((int) seat, SOMEBODY, screen, (int) height, (int) framerate));
      }
    }
    String json = "{\"type\":\"view\",\"seats\":[" + String.join(",", entries) + "]}";
    try {
      var view = assertInstanceOf(ClientMessage.View.class, ClientMessageReader.read(json));
      assertTrue(good, json);
      assertEquals(seats, view.seats());
    } catch (InvalidMessageException e) {
      assertFalse(good, json);
      assertTrue(e.sentence().startsWith("seats"), e.sentence());
      assertTrue(e.sentence().length() < 200, e.sentence());
    }
  }

  /// Mostly one that may be, from 1 to `most`.
  private static long number(FuzzedDataProvider data, int most) {
    return data.consumeInt(0, 7) == 0 ? data.consumeLong() : data.consumeInt(1, most);
  }

  private static boolean isWithin(long number, int least, int most) {
    return number >= least && number <= most;
  }

  private static String entry(long seat, boolean screen, long height, long framerate) {
    return """
        {"seat":%d,"participant":"p","screen":%b,"maxHeight":%d,"maxFramerate":%d}"""
        .formatted(seat, screen, height, framerate);
  }
}
