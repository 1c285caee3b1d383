package org.plenum.helm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `scripts/aot.sh`: an AOT cache is used while it fits, and never in the way of a start.
class AotScriptTest {
  private static final Path SCRIPTS = Path.of("../scripts").toAbsolutePath().normalize();

  @TempDir private Path directory;

  @BeforeEach
  void build() throws IOException {
    Files.createDirectories(directory.resolve("lib"));
    Files.writeString(directory.resolve("plenum.jar"), "a jar");
    Files.writeString(directory.resolve("plenum.aot"), "no cache that any JVM would take");
  }

  @Test
  void aCacheOfThisJarAndJvmIsUsed() throws IOException, InterruptedException {
    assertTrue(options("aot_key . >plenum.aot.key").contains("-XX:AOTCache="));
  }

  @Test
  void aCacheOfAnotherJarIsNotUsed() throws IOException, InterruptedException {
    assertEquals("", options("aot_key . >plenum.aot.key; echo more >>plenum.jar"));
  }

  @Test
  void aCacheWithoutAKeyIsNotUsed() throws IOException, InterruptedException {
    assertEquals("", options(":"));
  }

  @Test
  void aDamagedCacheChangesNothingButTheTime() throws IOException, InterruptedException {
    String without = bash("\"$JAVA_HOME/bin/java\" -version");
    String with =
        bash(
            "aot_key . >plenum.aot.key; find_aot .; \"$JAVA_HOME/bin/java\" \"${aot[@]}\" -version");
    // The JVM then has no archive of its own classes either.
    assertEquals(without.replace(", sharing", ""), with.replace(", sharing", ""));
  }

  /// The jar is none, so the server that is trained does not start.
  @Test
  void aTrainingThatFailsLeavesNothing() throws IOException, InterruptedException {
    Files.delete(directory.resolve("plenum.aot"));
    String said = bash("make_aot . \"$(aot_key .)\"");
    assertTrue(said.contains("no AOT cache was made"), said);
    assertEquals("lib\nplenum.jar\n", bash("ls"));
  }

  private String options(String before) throws IOException, InterruptedException {
    return bash(before + "; find_aot .; echo \"${aot[*]}\"").strip();
  }

  private String bash(String commands) throws IOException, InterruptedException {
    Tool.Result result =
        Tool.run(
            directory,
            "",
            "bash",
            "-c",
            "set -euo pipefail; export NO_AOT_CACHE=1 JAVA_HOME=%s root=%s; . %s/aot.sh; %s"
                .formatted(
                    System.getProperty("java.home"), SCRIPTS.getParent(), SCRIPTS, commands));
    assertEquals(0, result.status(), result::output);
    return result.output();
  }
}
