package org.plenum.helm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What the server's jar says it is made of, against what it is run with and what NOTICE lists.
class BillOfMaterialsTest {
  private static final Path JAR = Path.of("../signaling/target/plenum/plenum.jar");

  private static Set<String> jars;
  private static JsonNode bom;

  @BeforeAll
  static void read() throws IOException {
    assumeTrue(Files.exists(JAR), "made in Maven's phase `package`");
    try (JarFile jar = new JarFile(JAR.toFile())) {
      jars =
          Stream.of(jar.getManifest().getMainAttributes().getValue("Class-Path").split(" "))
              .map(path -> path.substring(path.lastIndexOf('/') + 1))
              .collect(Collectors.toCollection(TreeSet::new));
      try (InputStream in = jar.getInputStream(jar.getEntry("META-INF/sbom/plenum.cdx.json"))) {
        bom = new ObjectMapper().readTree(in);
      }
      for (String name : Set.of("META-INF/LICENSE", "META-INF/NOTICE")) {
        assertTrue(jar.getEntry(name) != null, name);
      }
    }
  }

  @Test
  void listsTheJarsThatTheServerIsRunWith() {
    Set<String> listed = new TreeSet<>();
    for (JsonNode component : bom.path("components")) {
      listed.add(
          component.path("name").asText() + "-" + component.path("version").asText() + ".jar");
    }
    assertEquals(jars, listed);
    assertEquals(version(), bom.path("metadata").path("component").path("version").asText());
  }

  @Test
  void saysUnderWhichLicenceEachComponentIs() {
    for (JsonNode component : bom.path("components")) {
      assertFalse(component.path("licenses").isEmpty(), component.path("purl")::asText);
    }
  }

  @Test
  void noticeListsEachComponentOfOthersAndNoOther() throws IOException {
    Set<String> listed =
        Pattern.compile("^ {2}([\\w.-]+:[\\w.-]+) {2,}\\S", Pattern.MULTILINE)
            .matcher(Files.readString(Path.of("../NOTICE")))
            .results()
            .map(line -> line.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> shipped = new TreeSet<>();
    for (JsonNode component : bom.path("components")) {
      String group = component.path("group").asText();
      if (!group.equals("org.plenum")) {
        shipped.add(group + ":" + component.path("name").asText());
      }
    }
    assertEquals(shipped, listed);
  }

  /// ice4j brings them for its agent, of which nothing runs here.
  @Test
  void shipsNeitherSipNorSdpNorKotlinNorJna() {
    for (String name : Set.of("sip", "sdp", "kotlin", "jna", "jicoco", "metaconfig", "jitsi")) {
      assertTrue(jars.stream().noneMatch(jar -> jar.contains(name)), () -> name + " in " + jars);
    }
  }

  /// `helm install` takes the image of the chart's own version.
  @Test
  void theChartHasTheServersVersion() throws IOException {
    List<String> chart = Files.readAllLines(Chart.DIRECTORY.resolve("Chart.yaml"));
    assertTrue(chart.contains("version: " + version()), chart::toString);
    assertTrue(chart.contains("appVersion: " + version()), chart::toString);
  }

  private static String version() {
    return Stream.of(jars)
        .flatMap(Set::stream)
        .filter(name -> name.startsWith("plenum-ice-"))
        .map(name -> name.substring("plenum-ice-".length(), name.length() - ".jar".length()))
        .findFirst()
        .orElseThrow();
  }
}
