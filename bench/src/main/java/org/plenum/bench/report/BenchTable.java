package org.plenum.bench.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Reads what `bench/run` left in a directory and prints it as tables, each figure as minimum,
/// median and maximum over the runs; writes the same to `table.json`.
public final class BenchTable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern RESULT = Pattern.compile("(.+)\\.\\d+\\.json");
  private static final Pattern LIMIT = Pattern.compile("cpu_ns_per_egress_packet median=([0-9.]+)");

  private final Path folder;
  private final StringBuilder text = new StringBuilder();
  private final ObjectNode json = JSON.createObjectNode();
  private final TreeMap<String, List<JsonNode>> results = new TreeMap<>();

  private BenchTable(Path folder) {
    this.folder = folder;
  }

  /// @param args the directory
  public static void main(String[] args) throws IOException {
    var table = new BenchTable(Path.of(args[0]));
    table.read();
    table.shapes(table.limit());
    table.delays();
    new MemoryTable(table.folder, table.text, table.json).write();
    table.browser();
    System.out.print(table.text);
    Files.writeString(table.folder.resolve("table.json"), table.json.toPrettyString() + "\n");
  }

  private void read() throws IOException {
    for (Path file : files()) {
      Matcher name = RESULT.matcher(file.getFileName().toString());
      if (name.matches()) {
        results
            .computeIfAbsent(name.group(1), _ -> new ArrayList<>())
            .add(JSON.readTree(Files.readString(file)));
      }
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    }
  }

  /// Microseconds of the C program per packet.
  private Sample limit() throws IOException {
    List<Double> values = new ArrayList<>();
    for (Path file : files()) {
      if (file.getFileName().toString().startsWith("limit.")) {
        Matcher line = LIMIT.matcher(Files.readString(file));
        if (line.find()) {
          values.add(Double.parseDouble(line.group(1)) / 1000);
        }
      }
    }
    return new Sample(values);
  }

  private void shapes(Sample limit) {
    line("CPU in us per egress packet; min–median–max; C program: %s", limit.text(2));
    line("");
    line(
        "| shape | packets/s | delivered %% | process | workers | workers/C | load tool's loop | RSS MiB |");
    line("|---|---|---|---|---|---|---|---|");
    put("limit", "cpuMicrosPerPacket", limit);
    results.forEach(
        (name, runs) -> {
          if (runs.getFirst().has("server")) {
            shape(name, runs, limit);
          }
        });
    line("");
  }

  private void shape(String name, List<JsonNode> runs, Sample limit) {
    Sample worker = sample(runs, "/server/workerCpuMicrosPerPacket");
    String ratio =
        limit.isEmpty()
            ? "-"
            : String.format(Locale.ROOT, "%.2f", worker.median() / limit.median());
    line(
        "| %s | %s | %s | %s | %s | %s | %s | %s |",
        name,
        sample(runs, "/egressPacketsPerSecond").text(0),
        sample(runs, "/deliveredPercent").text(3),
        sample(runs, "/server/cpuMicrosPerPacket").text(2),
        worker.text(2),
        ratio,
        sample(runs, "/load/loopCpuMicrosPerPacket").text(2),
        sample(runs, "/server/rssMiB").text(0));
    put(name, "egressPacketsPerSecond", sample(runs, "/egressPacketsPerSecond"));
    put(name, "deliveredPercent", sample(runs, "/deliveredPercent"));
    put(name, "cpuMicrosPerPacket", sample(runs, "/server/cpuMicrosPerPacket"));
    put(name, "workerCpuMicrosPerPacket", worker);
    put(name, "workerBusyPercent", sample(runs, "/server/workerBusyPercent"));
    put(name, "loadLoopCpuMicrosPerPacket", sample(runs, "/load/loopCpuMicrosPerPacket"));
    put(name, "rssMiB", sample(runs, "/server/rssMiB"));
  }

  private void delays() {
    line("Delay in ms, socket to socket; min–median–max");
    line("");
    line("| | packets/s | p50 | p99 | p99.9 |");
    line("|---|---|---|---|---|");
    results.forEach(
        (name, runs) -> {
          if (runs.getFirst().has("delayMillis")) {
            line(
                "| %s | %s | %s | %s | %s |",
                name.equals("echo") ? "plain UDP echo, 20 000/s" : name,
                sample(runs, "/egressPacketsPerSecond").text(0),
                sample(runs, "/delayMillis/p50").text(3),
                sample(runs, "/delayMillis/p99").text(3),
                sample(runs, "/delayMillis/p999").text(3));
            put(name, "delayP50Millis", sample(runs, "/delayMillis/p50"));
            put(name, "delayP99Millis", sample(runs, "/delayMillis/p99"));
            put(name, "delayP999Millis", sample(runs, "/delayMillis/p999"));
          }
        });
    line("");
  }

  private void browser() throws IOException {
    Path file = folder.resolve("browser.json");
    if (!Files.exists(file)) {
      return;
    }
    List<JsonNode> runs = new ArrayList<>();
    JSON.readTree(Files.readString(file)).forEach(runs::add);
    line("Chromium, ms from the WebSocket's opening; min–median–max of %d", runs.size());
    line("");
    for (String step : List.of("answer", "ice", "dtls", "firstFrame")) {
      line("- %s: %s", step, sample(runs, "/" + step).text(0));
      put("browser", step + "Millis", sample(runs, "/" + step));
    }
    line("");
  }

  private static Sample sample(List<JsonNode> runs, String pointer) {
    return new Sample(
        runs.stream()
            .map(run -> run.at(pointer))
            .filter(JsonNode::isNumber)
            .map(JsonNode::asDouble)
            .toList());
  }

  private void put(String name, String figure, Sample sample) {
    if (!sample.isEmpty()) {
      json.withObject("/" + name)
          .putObject(figure)
          .put("min", sample.values().getFirst())
          .put("median", sample.median())
          .put("max", sample.values().getLast());
    }
  }

  private void line(String format, Object... arguments) {
    text.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }
}
