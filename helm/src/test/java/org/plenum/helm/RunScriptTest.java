package org.plenum.helm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `./run` in a house of empty rooms: Maven and Java are doubles that tell how they were called.
class RunScriptTest {
  private static final Path HOUSE = Path.of("..").toAbsolutePath().normalize();
  private static final List<String> MODULES =
      List.of("ice", "sfu", "broadcast", "cluster", "metrics", "web-demo", "signaling");

  @TempDir private Path root;

  @BeforeEach
  void build() throws IOException {
    Files.createDirectories(root.resolve("scripts"));
    for (String script :
        List.of("run", "scripts/jdk.sh", "scripts/aot.sh", "scripts/jvm.options")) {
      Files.copy(HOUSE.resolve(script), root.resolve(script));
    }
    for (String name : List.of("pom.xml", "LICENSE", "NOTICE", ".mvn/jvm.config")) {
      write(name, name);
    }
    for (String module : MODULES) {
      write(module + "/pom.xml", module);
      write(module + "/src/main/java/A file.java", "1");
    }
    write("jdk/release", "JAVA_VERSION=\"25.0.1\"\n");
    program("jdk/bin/javac", "");
    program(
        "jdk/bin/java",
        """
        case $1 in
          *Unsign.java) cp "${@:3}" "$2" ;;
          *) echo "served: $*" ;;
        esac
        """);
    program(
        "bin/mvn",
        """
        echo "[INFO] Building Plenum ice 0.2.0                          [1/5]"
        [ ! -e "$HOUSE/broken" ] || { echo "[ERROR] A.java:[1,1] broken"; exit 1; }
        mkdir -p "$HOUSE/signaling/target/plenum/lib"
        touch "$HOUSE/signaling/target/plenum/plenum.jar" "$HOUSE/signaling/target/plenum/lib/bc.jar"
        for module in ice sfu broadcast cluster metrics web-demo signaling; do
          mkdir -p "$HOUSE/$module/target/classes"
          touch "$HOUSE/$module/target/classes/$(ls "$HOUSE/$module/target/classes" | wc -l)"
        done
        """);
  }

  @Test
  void buildsOnceAndTellsHowItGoes() throws IOException, InterruptedException {
    String first = run(0, "--version");
    assertTrue(first.contains("[1/5] Plenum ice"), first);
    assertTrue(first.contains("served: "), first);
    assertTrue(first.strip().endsWith("--version"), first);
    assertFalse(run(0).contains("Building"));
  }

  @Test
  void aCopyWithOtherTimesIsNotBuiltAgain() throws IOException, InterruptedException {
    run(0);
    try (Stream<Path> files = Files.walk(root.resolve("sfu/src"))) {
      for (Path file : files.toList()) {
        Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis() + 60_000));
      }
    }
    assertFalse(run(0).contains("Building"));
  }

  /// Maven would not notice it by itself, so that module's classes go.
  @Test
  void aChangeOlderThanTheBuildIsBuilt() throws IOException, InterruptedException {
    run(0);
    Path file = write("sfu/src/main/java/A file.java", "2");
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000_000_000L));
    assertTrue(run(0).contains("Building"));
    assertEquals(1, files("sfu/target/classes"), "compiled anew");
    assertEquals(2, files("ice/target/classes"), "left to Maven");
    assertFalse(run(0).contains("Building"));
  }

  @Test
  void aBuildThatFailedSaysWhyAndIsTriedAgain() throws IOException, InterruptedException {
    write("broken", "");
    String failed = run(1);
    assertTrue(failed.contains("[ERROR] A.java:[1,1] broken"), failed);
    assertFalse(failed.contains("served"), failed);
    Files.delete(root.resolve("broken"));
    assertTrue(run(0).contains("Building"));
  }

  private int files(String directory) throws IOException {
    try (Stream<Path> all = Files.list(root.resolve(directory))) {
      return (int) all.count();
    }
  }

  private String run(int status, String... arguments) throws IOException, InterruptedException {
    String command =
        "JAVA_HOME=$PWD/jdk HOUSE=$PWD PATH=$PWD/bin:$PATH NO_AOT_CACHE=1 ./run "
            + String.join(" ", arguments);
    Tool.Result result = Tool.run(root, "", "bash", "-c", command);
    assertEquals(status, result.status(), result::output);
    return result.output();
  }

  private Path write(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private void program(String name, String text) throws IOException {
    assertTrue(write(name, "#!/usr/bin/env bash\nset -e\n" + text).toFile().setExecutable(true));
  }
}
