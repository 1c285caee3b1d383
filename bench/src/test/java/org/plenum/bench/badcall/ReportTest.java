package org.plenum.bench.badcall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final JsonMapper JSON = new JsonMapper();

  private final Map<String, List<JsonNode>> runs = new TreeMap<>();

  /// Figures as BadCall writes them.
  private void ran(String scenario, Object... figures) {
    var run = JSON.createObjectNode().put("scenario", scenario);
    for (int i = 0; i < figures.length; i += 2) {
      run.put((String) figures[i], ((Number) figures[i + 1]).doubleValue());
    }
    try {
      JsonNode read = JSON.readTree(run.toPrettyString());
      runs.computeIfAbsent(scenario, _ -> new ArrayList<>()).add(read);
    } catch (java.io.IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private String row(String scenario, String figure) {
    return Report.table(runs)
        .lines()
        .filter(line -> line.startsWith("| " + scenario + " | " + figure + " "))
        .findFirst()
        .orElse("");
  }

  @Test
  void aMedianIsHeldAgainstItsGoal() {
    ran("clean", "topHeldSeconds", 1.4);
    ran("clean", "topHeldSeconds", 9);
    ran("clean", "topHeldSeconds", 1.2);
    assertEquals(
        "| clean | topHeldSeconds | 1.40, 9, 1.20 | 1.40 | ≤ 1.50 | met |",
        row("clean", "topHeldSeconds"));
    assertEquals(List.of(), Report.farOff(runs));
  }

  /// As when the largest picture never was held.
  @Test
  void whatWasNotMeasuredIsMissed() {
    ran("clean", "topHeldSeconds", Double.NaN);
    assertTrue(row("clean", "topHeldSeconds").endsWith("| not measured | ≤ 1.50 | missed |"));
    assertEquals(List.of("clean topHeldSeconds"), Report.farOff(runs));
    ran("loss", "frozenSeconds", 0);
    assertTrue(row("loss", "framesPerSecond").endsWith("missed |"), "is not in the run at all");
    assertTrue(Report.farOff(runs).contains("loss framesPerSecond"));
  }

  @Test
  void aGoalThatIsMissedByLittleIsSaidOnly() {
    ran("drop", "frozenSeconds", 1.5, "longestGapSeconds", 0.9, "linkUsed", 0.7);
    assertTrue(row("drop", "frozenSeconds").endsWith("missed |"));
    List<String> farOff = Report.farOff(runs);
    assertFalse(farOff.contains("drop frozenSeconds"));
    assertFalse(farOff.contains("drop linkUsed"));
    ran("far", "frozenSeconds", 25, "framesPerSecond", 4);
    assertTrue(
        Report.farOff(runs).containsAll(List.of("far frozenSeconds", "far framesPerSecond")));
  }

  @Test
  void bytesAreComparedWithARunWithoutLoss() {
    ran("loss", "bytesDown", 1_200);
    ran("clean-loss-free", "bytesDown", 1_000);
    Report.compareBytes(runs);
    assertTrue(row("loss", "bytesOfLossFree").endsWith("| 1.20 | ≤ 1.15 | missed |"));
  }
}
