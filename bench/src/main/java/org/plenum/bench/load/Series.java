package org.plenum.bench.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.plenum.bench.proc.ProcessUsage;

/// What a run was like in each of its seconds: a thread of its own takes a sample when one is over.
final class Series implements AutoCloseable {
  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final int DIGITS = 2;

  private final List<LoadLoop> loops;
  private final Processes processes;
  private final long epochNanos;
  private final List<Sample> samples = new ArrayList<>();
  private final List<Step> steps = new ArrayList<>();
  private final Thread thread;
  private @Nullable Step step;
  private long beforeNanos;
  private long packetsBefore;
  private @Nullable ProcessUsage usageBefore;

  /// @param from the first second in it, counted from 0
  /// @param to the one after its last
  private record Sample(
      int from,
      int to,
      int clients,
      double packetsPerSecond,
      Histogram delays,
      @Nullable Double cpuPercent,
      @Nullable Double rssMiB) {}

  /// Samples of clients that came together.
  private static final class Step {
    final List<Sample> samples = new ArrayList<>();
    final Histogram delays = new Histogram(DIGITS);

    /// The second that had begun before all of them counted is not taken.
    boolean began;
  }

  /// @param epochNanos when the first second begins, the same as in the loops
  Series(List<LoadLoop> loops, Processes processes, long epochNanos) {
    this.loops = loops;
    this.processes = processes;
    this.epochNanos = epochNanos;
    this.beforeNanos = epochNanos;
    this.thread = Thread.ofPlatform().name("load-series").daemon().unstarted(this::run);
  }

  void start() throws IOException {
    usageBefore = processes.server();
    thread.start();
  }

  private void run() {
    int second = 0;
    try {
      while (true) {
        int next = Math.max(second + 1, second(System.nanoTime()));
        TimeUnit.NANOSECONDS.sleep(epochNanos + next * SECOND_NANOS - System.nanoTime());
        sample(second, next);
        second = next;
      }
    } catch (InterruptedException e) {
      // The run is over.
    }
  }

  private int second(long nanos) {
    return (int) ((nanos - epochNanos) / SECOND_NANOS);
  }

  private synchronized void sample(int from, int to) {
    var delays = new Histogram(DIGITS);
    int clients = 0;
    long packets = 0;
    for (LoadLoop loop : loops) {
      clients += loop.takeLately(delays);
      packets += loop.rtpReceived();
    }
    long now = System.nanoTime();
    ProcessUsage usage = usage();
    double seconds = (now - beforeNanos) / 1e9;
    Double cpu = null;
    Double rss = null;
    if (usage != null && usageBefore != null) {
      cpu = (usage.cpuNanos() - usageBefore.cpuNanos()) / 1e7 / seconds;
      rss = usage.residentBytes() / 1048576.0;
    }
    double rate = (packets - packetsBefore) / seconds;
    var sample = new Sample(from, to, clients, rate, delays, cpu, rss);
    samples.add(sample);
    if (step != null && step.began) {
      step.samples.add(sample);
      step.delays.add(delays);
    } else if (step != null) {
      step.began = true;
    }
    beforeNanos = now;
    packetsBefore = packets;
    usageBefore = usage;
  }

  private @Nullable ProcessUsage usage() {
    try {
      return processes.server();
    } catch (IOException e) {
      return null; // it is gone: the run ends by that
    }
  }

  /// From the next whole second on samples belong to a step, too.
  synchronized void beginStep() {
    step = new Step();
  }

  /// The step is over.
  synchronized void endStep() {
    if (step != null) {
      steps.add(step);
      step = null;
    }
  }

  /// Once the series is closed and all that counts has come.
  List<LoadResult.Second> seconds() {
    Sums sums = sums();
    return samples.stream().map(sample -> second(sample, sums)).toList();
  }

  /// Once the series is closed and all that counts has come.
  List<LoadResult.Step> steps() {
    Sums sums = sums();
    List<LoadResult.Step> all = new ArrayList<>();
    for (Step each : steps) {
      if (!each.samples.isEmpty()) {
        all.add(step(each, sums));
      }
    }
    return all;
  }

  private static LoadResult.Second second(Sample sample, Sums sums) {
    boolean some = sample.delays.getTotalCount() > 0;
    return new LoadResult.Second(
        sample.to,
        sample.clients,
        sample.packetsPerSecond,
        sums.deliveredPercent(sample.from, sample.to),
        some ? sample.delays.getValueAtPercentile(50) / 1e6 : null,
        some ? sample.delays.getValueAtPercentile(99) / 1e6 : null,
        sample.cpuPercent,
        sample.rssMiB);
  }

  private static LoadResult.Step step(Step step, Sums sums) {
    Sample first = step.samples.getFirst();
    Sample last = step.samples.getLast();
    double packets =
        step.samples.stream().mapToDouble(Sample::packetsPerSecond).average().orElse(0);
    boolean known = step.samples.stream().allMatch(sample -> sample.cpuPercent != null);
    Double cpu =
        known
            ? (Double) step.samples.stream().mapToDouble(s -> s.cpuPercent).average().orElse(0)
            : null;
    return new LoadResult.Step(
        first.from,
        last.to,
        last.clients,
        packets,
        sums.deliveredPercent(first.from, last.to),
        LoadResult.Delays.of(step.delays),
        cpu,
        cpu == null ? null : (Double) (cpu * 1e4 / Math.max(1, packets)),
        last.rssMiB);
  }

  private Sums sums() {
    var sums = new Sums();
    loops.forEach(loop -> loop.addTo(sums::add));
    return sums;
  }

  /// Of all loops, by the second in which it was sent.
  private static final class Sums {
    private final List<long[]> bySecond = new ArrayList<>();

    void add(int second, long expected, long delivered) {
      while (bySecond.size() <= second) {
        bySecond.add(new long[2]);
      }
      bySecond.get(second)[0] += expected;
      bySecond.get(second)[1] += delivered;
    }

    /// Null if nothing was to be delivered.
    @Nullable Double deliveredPercent(int from, int to) {
      long expected = 0;
      long delivered = 0;
      for (int i = from; i < Math.min(to, bySecond.size()); i++) {
        expected += bySecond.get(i)[0];
        delivered += bySecond.get(i)[1];
      }
      return expected == 0 ? null : 100.0 * delivered / expected;
    }
  }

  /// No more samples; a second that is not over is left out.
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
