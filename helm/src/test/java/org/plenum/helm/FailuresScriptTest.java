package org.plenum.helm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `scripts/failures.sh`: what `./test` lists at its end.
class FailuresScriptTest {
  private static final Path SCRIPT = Path.of("../scripts/failures.sh").toAbsolutePath().normalize();

  @TempDir private Path directory;

  @Test
  void listsEachTestThatFailed() throws IOException, InterruptedException {
    Files.writeString(
        directory.resolve("TEST-org.plenum.ATest.xml"),
        """
        <testsuite name="org.plenum.ATest" tests="4" errors="1" skipped="1" failures="1">
          <testcase name="passes" classname="org.plenum.ATest" time="0.1"/>
          <testcase name="isSkipped" classname="org.plenum.ATest" time="0"><skipped/></testcase>
          <testcase name="of(&quot;a&quot; &amp; b)[1]" classname="org.plenum.ATest" time="0.1">
            <failure message="expected: &lt;1&gt;&#10;but was: 2" type="E"><![CDATA[E: expected
        	at <testcase name="no" classname="such"> <error> a
        ]]></failure>
          </testcase>
          <testcase name="throws" classname="org.plenum.ATest" time="0.1">
            <error type="java.lang.Error">java.lang.Error</error>
          </testcase>
        </testsuite>
        """);
    Files.writeString(
        directory.resolve("TEST-org.plenum.BTest.xml"),
        """
        <testsuite name="org.plenum.BTest">
          <testcase name="" classname="org.plenum.BTest" time="74.651">
            <error message="in its preparation" type="E">E</error>
          </testcase>
        </testsuite>
        """);
    assertEquals(
        """
        org.plenum.ATest.of("a" & b)[1]: expected: <1>
        org.plenum.ATest.throws
        org.plenum.BTest: in its preparation
        """,
        bash("failed_tests ."));
  }

  @Test
  void listsNothingWhereNothingFailed() throws IOException, InterruptedException {
    assertEquals("", bash("failed_tests ."));
    assertEquals("", bash("echo >log; failed_modules 0 log 'mvn verify'"));
  }

  @Test
  void listsModulesThatDidNotComeToTheirEnd() throws IOException, InterruptedException {
    Files.writeString(
        directory.resolve("log"),
        """
        [INFO] Reactor Summary for Plenum 0.2.0:
        [INFO] Plenum ............................................. SUCCESS [ 11.533 s]
        [INFO] Plenum ice ......................................... FAILURE [03:32 min]
        [INFO] \u001b[1mPlenum sfu\u001b[m ......................................... \u001b[1;33mSKIPPED\u001b[m
        [INFO] BUILD FAILURE
        """);
    assertEquals(
        """
        module Plenum ice: failed, see its [ERROR] lines
        module Plenum sfu: not run
        """,
        bash("failed_modules 1 log 'mvn verify'"));
  }

  @Test
  void listsMavenItselfIfItSaidNothing() throws IOException, InterruptedException {
    assertEquals(
        "mvn verify (exit status 1)\n", bash("echo >log; failed_modules 1 log 'mvn verify'"));
  }

  private String bash(String commands) throws IOException, InterruptedException {
    Tool.Result result =
        Tool.run(directory, "", "bash", "-c", "set -euo pipefail; . " + SCRIPT + "; " + commands);
    assertEquals(0, result.status(), result::output);
    return result.output();
  }
}
