package org.plenum.helm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlertsTest {
  @TempDir private Path directory;

  @Test
  void fireWhenTheyShouldAndOnlyThen() throws IOException, InterruptedException {
    Files.copy(Monitoring.ALERTS, directory.resolve("alerts.yaml"));
    Files.writeString(directory.resolve("test.yaml"), Chart.resource("alerts-test.yaml"));
    Tool.Result result = Tool.run(directory, "", "promtool", "test", "rules", "test.yaml");
    assertEquals(0, result.status(), result::output);
  }

  @Test
  void areAllInThatTest() throws IOException {
    String test = Chart.resource("alerts-test.yaml");
    for (JsonNode alert : Monitoring.alerts()) {
      String name = alert.path("alert").asText();
      assertTrue(test.contains("alertname: " + name + ","), name);
      assertTrue(test.contains("alertname=\"" + name + "\""), name);
    }
  }

  @Test
  void haveASectionInTheRunbook() throws IOException {
    String runbook = Files.readString(Path.of("../docs/runbook.md"));
    assertFalse(Monitoring.alerts().isEmpty());
    for (JsonNode alert : Monitoring.alerts()) {
      String name = alert.path("alert").asText();
      String line = alert.at("/annotations/runbook").asText();
      assertTrue(line.startsWith("docs/runbook.md#" + name.toLowerCase(Locale.ROOT) + ": "), line);
      assertTrue(runbook.contains("\n## " + name + "\n"), name);
    }
  }
}
