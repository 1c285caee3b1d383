package org.plenum.bench.load;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.plenum.bench.client.LoadCounts;
import org.plenum.bench.proc.ProcessUsage;

/// What a run found; becomes JSON as it is.
///
/// @param beginSeconds from the run's start to the measured window
/// @param left clients that left within it, others having come for them
/// @param deliveredPercent packets of the measured window that came, retransmitted ones included,
///     of those that should have
/// @param sound whether no packet came damaged, misnumbered or undecipherable
/// @param steps in which clients came, the last of them before the window; empty if all at once
/// @param series the whole run, second by second
/// @param browsers null without
@JsonInclude(JsonInclude.Include.NON_NULL)
record LoadResult(
    String shape,
    String profile,
    String protocol,
    double seconds,
    double beginSeconds,
    int clients,
    int left,
    double deliveredPercent,
    boolean sound,
    double egressPacketsPerSecond,
    Delays delayMillis,
    Delays sendLatenessMillis,
    Delays joinMillis,
    @Nullable Server server,
    Load load,
    Details details,
    List<Step> steps,
    List<Second> series,
    @Nullable Browsers browsers) {
  /// Percentiles.
  record Delays(double p50, double p99, double p999, double max) {
    static Delays of(Histogram nanos) {
      return new Delays(
          nanos.getValueAtPercentile(50) / 1e6,
          nanos.getValueAtPercentile(99) / 1e6,
          nanos.getValueAtPercentile(99.9) / 1e6,
          nanos.getMaxValue() / 1e6);
    }
  }

  /// The server's process over the measured window.
  ///
  /// @param cpuMicrosPerPacket of the whole process, per RTP packet that clients received
  /// @param workerCpuMicrosPerPacket of the worker threads alone
  /// @param workerBusyPercent of one core
  /// @param rssMiBBefore before the first client came
  record Server(
      double cpuMicrosPerPacket,
      double workerCpuMicrosPerPacket,
      double workerBusyPercent,
      double cpuBusyPercent,
      double rssMiB,
      double rssMiBBefore,
      int threads,
      int threadsBefore,
      int descriptors,
      int descriptorsBefore) {
    /// @param idle before the first client came
    /// @param from when the window began
    /// @param nanos of the window
    static Server of(
        ProcessUsage idle, ProcessUsage from, ProcessUsage to, double nanos, double packets) {
      double cpu = to.cpuNanos() - from.cpuNanos();
      double worker = to.threadNanos() - from.threadNanos();
      return new Server(
          cpu / packets / 1e3,
          worker / packets / 1e3,
          100 * worker / nanos,
          100 * cpu / nanos,
          to.residentBytes() / 1048576.0,
          idle.residentBytes() / 1048576.0,
          to.threads(),
          idle.threads(),
          to.descriptors(),
          idle.descriptors());
    }
  }

  /// The load tool itself.
  ///
  /// @param cpuMicrosPerPacket of the whole process
  /// @param loopCpuMicrosPerPacket of its event loops alone
  record Load(
      double cpuMicrosPerPacket,
      double loopCpuMicrosPerPacket,
      double loopBusyPercent,
      long receiveOverflow) {
    static Load of(
        ProcessUsage from, ProcessUsage to, double nanos, double packets, long receiveOverflow) {
      double loops = to.threadNanos() - from.threadNanos();
      return new Load(
          (to.cpuNanos() - from.cpuNanos()) / packets / 1e3,
          loops / packets / 1e3,
          100.0 * loops / nanos,
          receiveOverflow);
    }
  }

  /// Counts of the whole run.
  record Details(
      long expected,
      long delivered,
      long received,
      long recovered,
      long missing,
      long duplicates,
      long reordered,
      long damaged,
      long misnumbered,
      long splices,
      long nacksSent,
      long retransmitted,
      long nacksUnanswered,
      long keyFrames,
      long datagramsOfNoUse,
      long beforeKeys) {
    static Details of(LoadCounts c) {
      return new Details(
          c.expected,
          c.delivered,
          c.received,
          c.recovered,
          c.missing,
          c.duplicates,
          c.reordered,
          c.damaged,
          c.misnumbered,
          c.splices,
          c.nacksSent,
          c.retransmitted,
          c.nacksUnanswered,
          c.keyFrames,
          c.datagramsOfNoUse,
          c.beforeKeys);
    }
  }

  /// Browsers that viewed one that sends 20 frames a second, over the measured window.
  ///
  /// @param framesPerSecond presented, by the one with the fewest
  /// @param freezes of all of them together
  /// @param frozenSeconds of the one with the most
  /// @param firstFrameMillis from joining to the first picture, of the slowest
  record Browsers(
      int viewers,
      double framesPerSecond,
      int freezes,
      double frozenSeconds,
      double firstFrameMillis) {}

  /// Clients that came together, and those who had come before, once all of them counted.
  ///
  /// @param from the first second of it, from the run's start
  /// @param to when its last second was over
  /// @param deliveredPercent null if nothing was to be delivered
  /// @param serverCpuPercent of one core; null if the process is not known
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Step(
      int from,
      int to,
      int clients,
      double packetsPerSecond,
      @Nullable Double deliveredPercent,
      Delays delayMillis,
      @Nullable Double serverCpuPercent,
      @Nullable Double serverCpuMicrosPerPacket,
      @Nullable Double serverRssMiB) {}

  /// One second of the run.
  ///
  /// @param second when it was over, from the run's start
  /// @param clients that were there
  /// @param packetsPerSecond RTP packets that they received
  /// @param deliveredPercent of the packets sent in it that should come; null if there were none
  /// @param delayMillisP50 of those that came in it; null if none did
  /// @param serverCpuPercent of one core; null if the process is not known
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Second(
      int second,
      int clients,
      double packetsPerSecond,
      @Nullable Double deliveredPercent,
      @Nullable Double delayMillisP50,
      @Nullable Double delayMillisP99,
      @Nullable Double serverCpuPercent,
      @Nullable Double serverRssMiB) {}
}
