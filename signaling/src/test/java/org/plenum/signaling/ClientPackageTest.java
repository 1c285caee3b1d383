package org.plenum.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The npm package of `plenum-client.js`. What needs npm, or TypeScript from its registry, is
/// skipped where there is none.
@Timeout(300)
class ClientPackageTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path PACKAGE = ROOT.resolve("web-demo");
  private static final JsonMapper MAPPER = new JsonMapper();

  private static final String SAMPLE_SETTINGS =
      """
      {
        "compilerOptions": {
          "strict": true, "noEmit": true, "target": "es2022", "module": "nodenext",
          "lib": ["es2024", "dom", "dom.iterable"], "types": []
        },
        "files": ["sample.ts"]
      }
      """;

  @TempDir private Path directory;

  @Test
  void hasTheVersionOfTheServerAndExportsWhatIsThere() throws Exception {
    JsonNode description = MAPPER.readTree(PACKAGE.resolve("package.json").toFile());
    String pom = Files.readString(PACKAGE.resolve("pom.xml"));
    String version = description.get("version").asText();
    assertTrue(pom.contains("<version>" + version + "</version>"), version);
    for (JsonNode target : description.get("exports").get(".")) {
      assertTrue(Files.isRegularFile(PACKAGE.resolve(target.asText())), target.asText());
    }
  }

  /// By hand here: so a file that was forgotten is found without npm too.
  @Test
  void eachModuleHasItsDeclarations() throws Exception {
    Path modules = PACKAGE.resolve("src/main/resources/web");
    List<String> without = new ArrayList<>();
    for (Path module : list(modules.resolve("client"))) {
      String name = module.getFileName().toString().replace(".js", ".d.ts");
      if (isImported(module, modules) && !Files.exists(PACKAGE.resolve("types/client/" + name))) {
        without.add(name);
      }
    }
    assertEquals(List.of(), without, "run scripts/declarations");
  }

  @Test
  void theDeclarationsAreThoseOfTheModule() throws Exception {
    requireTypeScript();
    assertEquals(
        texts(PACKAGE.resolve("types")),
        texts(directory.resolve("types")),
        "stale: run scripts/declarations");
  }

  @Test
  void aStrictProgramCompilesAndImportsThePackage() throws Exception {
    Path compiler = requireTypeScript();
    String packed =
        run(PACKAGE, "npm", "pack", "--json", "--pack-destination", directory.toString());
    JsonNode contents = MAPPER.readTree(packed.substring(packed.indexOf('['))).get(0);
    List<String> files = contents.get("files").findValuesAsText("path");
    assertTrue(files.contains("README.md"), files::toString);
    assertTrue(files.stream().noneMatch(file -> file.contains("/ui/")), files::toString);
    Path program = Files.createDirectory(directory.resolve("program"));
    Files.writeString(program.resolve("package.json"), "{\"type\":\"module\",\"private\":true}");
    String archive = directory.resolve(contents.get("filename").asText()).toString();
    run(program, "npm", "install", "--offline", "--no-audit", "--no-fund", archive);
    Files.writeString(program.resolve("tsconfig.json"), SAMPLE_SETTINGS);
    try (InputStream sample = ClientPackageTest.class.getResourceAsStream("npm/sample.ts")) {
      Files.copy(sample, program.resolve("sample.ts"));
    }
    run(program, compiler.toString(), "-p", ".");
    String exported =
        run(
            program,
            "node",
            "-e",
            "import('plenum-client').then((all) => console.log(Object.keys(all).join()))");
    assertTrue(exported.contains("PlenumRoom"), exported);
  }

  /// The compiler; the declarations are in `types` of our directory then.
  private Path requireTypeScript() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/npm")), "there is no npm");
    Process made =
        start(ROOT, ROOT + "/scripts/declarations", directory.resolve("types").toString());
    String said = new String(made.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = made.waitFor();
    Path compiler = null;
    for (Path each : list(PACKAGE.resolve("target"))) {
      Path candidate = each.resolve("node_modules/.bin/tsc");
      compiler = Files.isExecutable(candidate) ? candidate : compiler;
    }
    assumeTrue(compiler != null, "TypeScript cannot be had: " + said);
    assertEquals(0, status, said);
    return compiler;
  }

  private static boolean isImported(Path module, Path modules) throws IOException {
    String name = module.getFileName().toString();
    List<Path> others = new ArrayList<>(list(modules.resolve("client")));
    others.add(modules.resolve("plenum-client.js"));
    for (Path other : others) {
      if (Files.readString(other).matches("(?s).*from '\\./(client/)?" + name + "'.*")) {
        return true;
      }
    }
    return false;
  }

  private static Map<String, String> texts(Path directory) throws IOException {
    Map<String, String> texts = new TreeMap<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        texts.put(directory.relativize(file).toString(), Files.readString(file));
      }
    }
    return texts;
  }

  private static List<Path> list(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }

  private static String run(Path directory, String... command) throws Exception {
    Process process = start(directory, command);
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), () -> String.join(" ", command) + ": " + said);
    return said;
  }

  private static Process start(Path directory, String... command) throws IOException {
    return new ProcessBuilder(command)
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .start();
  }
}
