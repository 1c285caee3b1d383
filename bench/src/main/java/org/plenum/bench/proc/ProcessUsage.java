package org.plenum.bench.proc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// What a process has used up to a moment, from /proc (proc(5)).
///
/// @param cpuNanos of all its threads, ended ones included, in steps of 10 ms
/// @param threadNanos of the living threads whose name has the prefix asked for, by the scheduler's
///     own account (schedstat), which is exact
/// @param residentBytes RSS
/// @param threads platform threads
/// @param descriptors open file descriptors
public record ProcessUsage(
    long cpuNanos, long threadNanos, long residentBytes, int threads, int descriptors) {
  /// `getconf CLK_TCK` is 100 on every Linux that runs a JVM.
  private static final long NANOS_PER_TICK = 10_000_000;

  /// Fields of /proc/PID/stat behind the name's closing parenthesis: utime and stime.
  private static final int UTIME = 11;

  private static final int STIME = 12;

  /// The name of a thread as Linux keeps it.
  private static final int MOST_NAME_CHARS = 15;

  /// Reads it now.
  ///
  /// @param threadPrefix of the threads to be counted apart, e.g. `plenum-worker`
  /// @throws IOException if there is no such process
  public static ProcessUsage of(long pid, String threadPrefix) throws IOException {
    Path process = Path.of("/proc", Long.toString(pid));
    String stat = Files.readString(process.resolve("stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    long ticks = Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME]);
    List<String> status = Files.readAllLines(process.resolve("status"));
    return new ProcessUsage(
        ticks * NANOS_PER_TICK,
        threadNanos(process, threadPrefix),
        number(status, "VmRSS:") * 1024,
        (int) number(status, "Threads:"),
        count(process.resolve("fd")));
  }

  private static long threadNanos(Path process, String prefix) throws IOException {
    String shown = prefix.substring(0, Math.min(prefix.length(), MOST_NAME_CHARS));
    long sum = 0;
    for (Path task : list(process.resolve("task"))) {
      try {
        if (Files.readString(task.resolve("comm")).startsWith(shown)) {
          sum += Long.parseLong(Files.readString(task.resolve("schedstat")).split(" ")[0]);
        }
      } catch (java.nio.file.NoSuchFileException e) {
        // The thread ended between the listing and the reading.
      }
    }
    return sum;
  }

  private static long number(List<String> status, String name) {
    for (String line : status) {
      if (line.startsWith(name)) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    return 0;
  }

  private static int count(Path folder) throws IOException {
    return list(folder).size();
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.toList();
    }
  }
}
