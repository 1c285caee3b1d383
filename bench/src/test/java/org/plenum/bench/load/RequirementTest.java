package org.plenum.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequirementTest {
  @ParameterizedTest
  @CsvSource({
    "delivered>=99.5, true",
    "delivered>99.5, false",
    "delivered<=99.5, true",
    "delivered<99.5, false",
    "delay.p99 <= 20, true",
    "delay.max<20, false",
    "join.p50<=3, true",
    "server.cpu<=6, true",
    "server.cpu<=4, false",
    "browser.fps>=19, true"
  })
  void aFigureIsComparedWithItsBound(String text, boolean met) {
    assertEquals(met, Requirement.parse(text).judge(Results.measured()).met());
  }

  @Test
  void anUnknownNameIsAnsweredWithTheNamesThereAre() {
    assertRefused("latency<=1", "delay.p99");
  }

  @Test
  void anOperatorThatIsNoneIsAnsweredWithThoseThereAre() {
    assertRefused("delivered==100", ">=, <=, > or <");
  }

  @ParameterizedTest
  @ValueSource(strings = {"delivered", "delivered>=", ">=3", "", "delivered 99"})
  void halfARequirementIsRefusedWithAnExample(String text) {
    assertRefused(text, "delivered>=99.9");
  }

  @ParameterizedTest
  @ValueSource(strings = {"delivered>=all", "delivered>=NaN", "delivered<=Infinity"})
  void aBoundThatIsNoNumberIsRefused(String text) {
    assertRefused(text, "number");
  }

  @Test
  void whatWasNotMeasuredIsNotMet() {
    Requirement.Verdict verdict =
        Requirement.parse("server.cpu<=1000").judge(Results.withoutServer());

    assertFalse(verdict.met());
    assertNull(verdict.measured());
    assertTrue(verdict.toString().contains("not measured"), verdict::toString);
  }

  @Test
  void noDelayWasMeasuredWhereNothingCame() {
    assertNull(Requirement.parse("delay.p99<=20").judge(Results.withoutMedia()).measured());
  }

  private static void assertRefused(String text, String why) {
    var refused = assertThrows(IllegalArgumentException.class, () -> Requirement.parse(text));
    assertTrue(String.valueOf(refused.getMessage()).contains(why), refused::getMessage);
  }
}
