package org.plenum.bench.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a participant costs in memory, from the JVM's and the kernel's account of a server before
/// and with 300 of them.
final class MemoryTable {
  private static final Pattern YOUNG_USED = Pattern.compile("used (\\d+)K");
  private static final Pattern OTHER = Pattern.compile("- +Other \\(reserved=(\\d+)KB");
  private static final Pattern RSS = Pattern.compile("VmRSS:\\s+(\\d+) kB");
  private static final Pattern THREADS = Pattern.compile("Threads:\\s+(\\d+)");
  private static final Pattern DESCRIPTORS = Pattern.compile("Descriptors: (\\d+)");

  private final Path folder;
  private final StringBuilder text;
  private final ObjectNode json;

  MemoryTable(Path folder, StringBuilder text, ObjectNode json) {
    this.folder = folder;
    this.text = text;
    this.json = json;
  }

  void write() throws IOException {
    if (!Files.exists(folder.resolve("memory-receiving.busy.txt"))) {
      return;
    }
    text.append("Per participant, of 300, in kB: heap after a full collection, the JVM's other\n");
    text.append(
        "allocations (off-heap arenas), RSS; platform threads and descriptors of all 300\n\n");
    text.append("| | heap | off-heap | RSS | threads | descriptors |\n|---|---|---|---|---|---|\n");
    for (String name : List.of("memory-receiving", "memory-sending")) {
      row(name);
    }
    text.append('\n');
  }

  private void row(String name) throws IOException {
    if (!Files.exists(folder.resolve(name + ".json"))) {
      text.append("| ").append(name).append(" | the run failed | | | | |\n");
      return;
    }
    String idle = Files.readString(folder.resolve(name + ".idle.txt"));
    String busy = Files.readString(folder.resolve(name + ".busy.txt"));
    double heap = (heapKb(busy) - heapKb(idle)) / 300;
    double other = (number(OTHER, busy) - number(OTHER, idle)) / 300;
    double rss = (number(RSS, busy) - number(RSS, idle)) / 300;
    double threads = number(THREADS, busy) - number(THREADS, idle);
    double descriptors = number(DESCRIPTORS, busy) - number(DESCRIPTORS, idle);
    text.append(
        String.format(
            Locale.ROOT,
            "| %s | %.0f | %.0f | %.0f | %+.0f | %+.0f |%n",
            name,
            heap,
            other,
            rss,
            threads,
            descriptors));
    json.withObject("/" + name)
        .put("heapKb", heap)
        .put("offHeapKb", other)
        .put("rssKb", rss)
        .put("threads", threads)
        .put("descriptors", descriptors);
  }

  /// G1 says one number for all; Serial one for each generation, and the metaspace last.
  private static double heapKb(String text) {
    String heap = text.substring(0, Math.max(0, text.indexOf("Metaspace")));
    double sum = 0;
    for (String line : heap.lines().toList()) {
      boolean part = line.contains("garbage-first heap") || line.contains("generation");
      Matcher used = YOUNG_USED.matcher(line);
      if (part && used.find()) {
        sum += Double.parseDouble(used.group(1));
      }
    }
    return sum;
  }

  private static double number(Pattern pattern, String text) {
    Matcher found = pattern.matcher(text);
    return found.find() ? Double.parseDouble(found.group(1)) : Double.NaN;
  }
}
