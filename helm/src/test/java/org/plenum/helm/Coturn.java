package org.plenum.helm;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Debian's coturn on loopback, with the arguments that the chart gives it.
final class Coturn implements AutoCloseable {
  static final String SECRET = "a-secret-that-both-sides-know";

  private final Process process;
  private final Path log;

  /// @param values of the chart, with `coturn.secret` being [#SECRET]
  /// @param more arguments beside the chart's
  Coturn(Path directory, String values, String... more) throws IOException {
    var pod = Chart.manifests(values).the(Deployment.class).getSpec().getTemplate().getSpec();
    List<String> command = new ArrayList<>(pod.getContainers().getFirst().getCommand());
    command.addAll(pod.getContainers().getFirst().getArgs());
    command.replaceAll(each -> each.replace("$(TURN_SECRET)", SECRET).replace("/tmp/", ""));
    command.add("--listening-ip=127.0.0.1");
    command.addAll(List.of(more));
    log = directory.resolve("coturn.log");
    process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
  }

  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
