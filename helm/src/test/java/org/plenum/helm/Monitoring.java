package org.plenum.helm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// The chart's alerts and dashboard.
final class Monitoring {
  static final Path ALERTS = Chart.DIRECTORY.resolve("files/alerts.yaml");
  private static final Path DASHBOARD = Chart.DIRECTORY.resolve("files/dashboard.json");
  private static final Pattern METRIC = Pattern.compile("\\b(?:plenum|jvm|process|system)_\\w+");

  private Monitoring() {}

  static List<JsonNode> alerts() throws IOException {
    List<JsonNode> alerts = new ArrayList<>();
    JsonNode groups = new ObjectMapper(new YAMLFactory()).readTree(ALERTS.toFile()).path("groups");
    groups.forEach(group -> group.path("rules").forEach(alerts::add));
    return alerts;
  }

  static List<JsonNode> panels() throws IOException {
    List<JsonNode> panels = new ArrayList<>();
    new ObjectMapper().readTree(DASHBOARD.toFile()).path("panels").forEach(panels::add);
    return panels;
  }

  /// Every metric that an alert or a panel asks for.
  static Set<String> metrics() throws IOException {
    Set<String> names = new TreeSet<>();
    for (JsonNode alert : alerts()) {
      names.addAll(metrics(alert.path("expr").asText()));
    }
    for (JsonNode panel : panels()) {
      for (JsonNode target : panel.path("targets")) {
        names.addAll(metrics(target.path("expr").asText()));
      }
    }
    return names;
  }

  private static List<String> metrics(String expression) {
    return METRIC.matcher(expression).results().map(found -> found.group()).toList();
  }
}
