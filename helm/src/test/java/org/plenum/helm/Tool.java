package org.plenum.helm;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// A program that is run to its end.
final class Tool {
  private Tool() {}

  /// What it printed, both ways.
  record Result(int status, String output) {}

  /// Runs it in `directory` with `input`.
  static Result run(Path directory, String input, String... command)
      throws IOException, InterruptedException {
    Path in = Files.createTempFile("input", null);
    Path out = Files.createTempFile("output", null);
    try {
      Files.writeString(in, input);
      Process process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectInput(in.toFile())
              .redirectErrorStream(true)
              .redirectOutput(out.toFile())
              .start();
      boolean ended = process.waitFor(2, TimeUnit.MINUTES);
      if (!ended) {
        process.destroyForcibly();
      }
      assertTrue(ended, () -> String.join(" ", command) + " did not end");
      return new Result(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8));
    } finally {
      Files.delete(in);
      Files.delete(out);
    }
  }
}
