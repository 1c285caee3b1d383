package org.plenum.helm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// There is one version: what the chart asks for is what is built, and what the documents name.
class VersionTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern PROJECT =
      Pattern.compile(
          "<groupId>org\\.plenum</groupId>\\s*<artifactId>plenum-parent</artifactId>\\s*"
              + "<version>([^<]+)</version>");

  /// As somebody would type it.
  private static final Pattern IMAGE =
      Pattern.compile("\\bplenum:(\\d[A-Za-z0-9._-]*)|\\bplenum-(\\d[A-Za-z0-9._-]*)\\.tgz");

  @Test
  void isThatOfEveryModule() throws IOException {
    String pom = Files.readString(ROOT.resolve("pom.xml"));
    List<String> modules =
        Pattern.compile("<module>([^<]+)</module>")
            .matcher(pom)
            .results()
            .map(m -> m.group(1))
            .toList();
    assertFalse(modules.isEmpty());
    for (String module : modules) {
      assertEquals(version(), found(ROOT.resolve(module).resolve("pom.xml")), module);
    }
  }

  @Test
  void isThatOfTheChartAndOfTheImageItAsksFor() throws IOException {
    JsonNode chart =
        new ObjectMapper(new YAMLFactory())
            .readTree(Chart.DIRECTORY.resolve("Chart.yaml").toFile());
    assertEquals(version(), chart.path("version").asText());
    assertEquals(version(), chart.path("appVersion").asText());
    var set = Chart.manifests("auth: {open: true}").the(StatefulSet.class);
    String image = set.getSpec().getTemplate().getSpec().getContainers().getFirst().getImage();
    String built = Files.readString(ROOT.resolve("helm/pom.xml"));
    var to =
        Pattern.compile("<to>\\s*<image>([^<]+)</image>\\s*<tags>\\s*<tag>([^<]+)</tag>")
            .matcher(built);
    assertEquals(true, to.find(), "helm/pom.xml says what the image is called");
    assertEquals(to.group(1) + ":" + to.group(2).replace("${project.version}", version()), image);
  }

  @Test
  void isThatOfTheDocuments() throws IOException {
    int mentions = 0;
    try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
      for (Path page : Stream.concat(docs, Stream.of(ROOT.resolve("README.md"))).toList()) {
        for (MatchResult named : IMAGE.matcher(Files.readString(page)).results().toList()) {
          String said = named.group(1) == null ? named.group(2) : named.group(1);
          assertEquals(version(), said, () -> page + ": " + named.group());
          mentions++;
        }
      }
    }
    assertFalse(mentions == 0, "docs/operating.md names the image");
  }

  private static String version() throws IOException {
    return found(ROOT.resolve("pom.xml"));
  }

  private static String found(Path pom) throws IOException {
    var version = PROJECT.matcher(Files.readString(pom));
    assertEquals(true, version.find(), pom::toString);
    return version.group(1);
  }
}
