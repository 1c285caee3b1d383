package org.plenum.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CourseTest {
  @Test
  void stepsAreClientsAndSeconds() {
    assertEquals(new Course.Steps(10, 7.5), Course.Steps.parse("10:7.5"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"10", "10:", ":5", "0:5", "-1:5", "ten:5", "10:5:5", "99999999:5"})
  void whatIsNoStepsIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> Course.Steps.parse(text));
  }

  @Test
  void aStepThatEndsBeforeItIsMeasuredIsRefusedByHowLongItMustBe() {
    var steps = new Course.Steps(10, 4);
    var refused =
        assertThrows(IllegalArgumentException.class, () -> new Course(10, 3, 0, steps, 0));
    assertTrue(String.valueOf(refused.getMessage()).contains("at least 5"), refused::getMessage);
  }

  @Test
  void nobodyLeavesLessThanNever() {
    assertThrows(IllegalArgumentException.class, () -> new Course(10, 3, 0, null, -1));
  }
}
