package org.plenum.bench.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What was measured, by name, beside what is aimed at.
final class Figures {
  private static final Map<String, String> GOALS =
      Map.ofEntries(
          Map.entry("off: classes of the engine", "0"),
          Map.entry("on: start to ready, s", "≤ 3"),
          Map.entry("on: RSS, MiB", "≤ off + 150"),
          Map.entry("join: added by a foreign node, median ms", "≤ 10"),
          Map.entry("kill: pictures again, ms", "≤ 2000, p95 ≤ 3000"),
          Map.entry("cut: pictures again, ms", "≤ 4000, p95 ≤ 5000"),
          Map.entry("hang: pictures again, ms", "≤ 4000"),
          Map.entry("hang: owners after", "1"),
          Map.entry("cut: owners after", "1"),
          Map.entry("move: frozen picture, ms", "≤ 300"),
          Map.entry("move: longest gap in sound, ms", "≤ 200"),
          Map.entry("drain: frozen picture, ms", "≤ 300"),
          Map.entry("drain: longest gap in sound, ms", "≤ 200"));

  private final Map<String, List<Double>> all = new LinkedHashMap<>();

  void add(String name, double value) {
    all.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
    System.err.printf(Locale.ROOT, "%s: %.1f%n", name, value);
  }

  static double percentile(List<Double> values, int percent) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get((int) Math.round((sorted.size() - 1) * percent / 100.0));
  }

  String json() throws JsonProcessingException {
    return new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsString(all) + "\n";
  }

  String table() {
    var table = new StringBuilder("| figure | values | median | p95 | worst | goal |\n");
    table.append("|---|---|---|---|---|---|\n");
    all.forEach(
        (name, values) ->
            table.append(
                String.format(
                    Locale.ROOT,
                    "| %s | %d | %.1f | %.1f | %.1f | %s |%n",
                    name,
                    values.size(),
                    percentile(values, 50),
                    percentile(values, 95),
                    percentile(values, 100),
                    GOALS.getOrDefault(name, ""))));
    return table.toString();
  }
}
