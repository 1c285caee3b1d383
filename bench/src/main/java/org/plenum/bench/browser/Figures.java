package org.plenum.bench.browser;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What was measured, by name, beside what is aimed at.
public final class Figures {
  private final Map<String, List<Double>> all = new LinkedHashMap<>();
  private final Map<String, String> goals;

  /// @param goals by the name of a figure
  public Figures(Map<String, String> goals) {
    this.goals = goals;
  }

  /// One more value of a figure; says it, too.
  public void add(String name, double value) {
    all.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
    System.err.printf(Locale.ROOT, "%s: %.1f%n", name, value);
  }

  /// The value below which that many of a hundred lie.
  public static double percentile(List<Double> values, int percent) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get((int) Math.round((sorted.size() - 1) * percent / 100.0));
  }

  public String json() throws JsonProcessingException {
    return new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsString(all) + "\n";
  }

  /// In Markdown.
  public String table() {
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
                    goals.getOrDefault(name, ""))));
    return table.toString();
  }
}
