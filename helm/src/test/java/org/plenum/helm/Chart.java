package org.plenum.helm;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// The chart in this module, rendered by Helm itself.
final class Chart {
  static final Path DIRECTORY = Path.of("plenum").toAbsolutePath();

  /// Helm's template command leaves hooks out: a copy in which they are ordinary manifests.
  private static final Helm WITHOUT_HOOKS = new Helm(withoutHooks());

  /// There is no cluster to look into: what is installed is said by `global.installed.KIND`.
  private static final String LOOKUP = "\\(lookup \"[^\"]+\" \"(\\w+)\" [^)]+\\)";

  private static final String INSTALLED =
      "(get (get (default dict \\$.Values.global) \"installed\" | default dict) \"$1\")";

  private Chart() {}

  /// The manifests with these values over the defaults; throws IllegalStateException with Helm's
  /// words if it refuses them.
  ///
  /// @param values YAML documents, the later over the earlier
  static String render(String... values) {
    TemplateCommand template =
        WITHOUT_HOOKS
            .template()
            .withName("plenum")
            .withNamespace("calls")
            .withKubeVersion("1.33.0");
    List<Path> files = Arrays.stream(values).map(Chart::file).toList();
    try {
      files.forEach(template::withValuesFile);
      return template.call();
    } finally {
      files.forEach(Chart::delete);
    }
  }

  /// The same, read into typed objects.
  static Manifests manifests(String... values) {
    return Manifests.of(render(values));
  }

  static LintResult lint() {
    return new Helm(DIRECTORY).lint().strict().call();
  }

  /// A file of values from the resources.
  static String values(String name) {
    return resource("values/" + name + ".yaml");
  }

  static String resource(String name) {
    try (var stream = Chart.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalArgumentException("no resource " + name);
      }
      return new String(stream.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path withoutHooks() {
    try {
      Path copy = Files.createTempDirectory("chart").resolve("plenum");
      try (Stream<Path> files = Files.walk(DIRECTORY)) {
        for (Path from : files.filter(Files::isRegularFile).toList()) {
          Path to = copy.resolve(DIRECTORY.relativize(from).toString());
          Files.createDirectories(to.getParent());
          Files.writeString(
              to,
              Files.readString(from)
                  .replaceAll("(?m)^ +helm\\.sh/hook.*\\R", "")
                  .replaceAll(LOOKUP, INSTALLED));
        }
      }
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path file(String values) {
    try {
      return Files.writeString(Files.createTempFile("values", ".yaml"), values);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
