package org.plenum.helm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whole renderings, so that a review shows what a change of the chart does to a cluster.
/// `-Dplenum.snapshots=write` writes them anew.
class SnapshotTest {
  private static final Path DIRECTORY =
      Path.of("src/test/resources/org/plenum/helm/snapshots").toAbsolutePath();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "first-look",
        "host-network",
        "node-port",
        "load-balancer",
        "one-port",
        "everything"
      })
  void rendersAsBefore(String name) throws IOException {
    // The dashboard has tests of its own and is long.
    String rendered =
        Chart.render("auth: {open: true}", Chart.values(name), "dashboard: {enabled: false}");
    Path snapshot = DIRECTORY.resolve(name + ".yaml");
    if ("write".equals(System.getProperty("plenum.snapshots"))) {
      Files.writeString(snapshot, rendered);
    }
    assertEquals(Files.readString(snapshot), rendered);
  }
}
