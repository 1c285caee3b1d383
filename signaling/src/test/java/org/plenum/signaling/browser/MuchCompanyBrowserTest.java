package org.plenum.signaling.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag("browser")
@ExtendWith(CallExtension.class)
class MuchCompanyBrowserTest {
  /// Four seats are offered first: the fifth and the sixth need more.
  @Test
  void threeThenSixSeeAndHearEachOther(Call call) {
    List<ChromiumParticipant> people = new ArrayList<>();
    for (String name : List.of("Ada", "Grace", "Linus")) {
      people.add(joinInASmallWindow(call, call.enter(name)));
    }
    allSeeAndHearEachOther(people);
    int offersOfThree = people.getFirst().sight().offers();

    for (String name : List.of("Barbara", "Donald", "Edsger")) {
      people.add(joinInASmallWindow(call, call.enter(name)));
    }
    allSeeAndHearEachOther(people);
    assertEquals(1, offersOfThree);
    assertEquals(2, people.getFirst().sight().offers(), "one more offer for four more seats");

    people.getLast().page().setViewportSize(1280, 720);
    people.getLast().seesAndHears(others(people, "Edsger"));
    people.getLast().screenshot("six-desktop");
    people.getLast().page().setViewportSize(360, 740);
    people.getLast().seesAndHears(others(people, "Edsger"));
    people.getLast().screenshot("six-phone");
  }

  @Test
  void aLateComerGetsPicturesAtOnce(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    ChromiumParticipant grace = call.join("Grace");
    ada.seesAndHears("Grace");
    grace.seesAndHears("Ada");
    int asked = keyframeRequests(ada);

    ChromiumParticipant linus = call.join("Linus");

    linus.seesAndHears("Ada", "Grace");
    ada.seesAndHears("Grace", "Linus");
    assertTrue(keyframeRequests(ada) > asked, "Ada was asked for a key frame");
  }

  @Test
  void scrollingRebindsSeatsWithoutAnOffer(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    call.join("Grace");
    call.join("Linus");
    ada.seesAndHears("Grace", "Linus");
    int offers = ada.sight().offers();

    ada.evaluate("window.probe.show('Linus')");
    ada.seesTile("Grace", "without a picture", tile -> !tile.withPicture());
    ada.seesMoving("Linus");

    ada.evaluate("window.probe.show('Grace')");
    ada.seesTile("Linus", "without a picture", tile -> !tile.withPicture());
    ada.seesMoving("Grace");

    ada.evaluate("window.probe.show('Linus', 'Grace')");
    ada.seesAndHears("Grace", "Linus");
    assertEquals(offers, ada.sight().offers());
  }

  /// Six windows are painted without a graphics card, by the cores that encode and decode.
  private static ChromiumParticipant joinInASmallWindow(
      Call call, ChromiumParticipant participant) {
    participant.page().setViewportSize(480, 320);
    participant.page().navigate(call.address(participant.name(), Call.TINY));
    return participant;
  }

  private static void allSeeAndHearEachOther(List<ChromiumParticipant> people) {
    for (ChromiumParticipant person : people) {
      person.seesAndHears(others(people, person.name()));
    }
  }

  private static String[] others(List<ChromiumParticipant> people, String name) {
    return people.stream()
        .map(Participant::name)
        .filter(other -> !other.equals(name))
        .toArray(String[]::new);
  }

  private static int keyframeRequests(Participant participant) {
    return Integer.parseInt(participant.evaluate("window.probe.keyframeRequests()"));
  }
}
