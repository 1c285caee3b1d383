package org.plenum.bench.load;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/// What a run found; becomes JSON as it is.
///
/// @param deliveredPercent packets of the measured window that came, retransmitted ones included,
///     of those that should have
/// @param sound whether no packet came damaged, misnumbered or undecipherable
@JsonInclude(JsonInclude.Include.NON_NULL)
record LoadResult(
    String shape,
    String profile,
    String protocol,
    double seconds,
    int clients,
    double deliveredPercent,
    boolean sound,
    double egressPacketsPerSecond,
    Delays delayMillis,
    Delays sendLatenessMillis,
    Delays joinMillis,
    @Nullable Server server,
    Load load,
    Details details) {
  /// Percentiles.
  record Delays(double p50, double p99, double p999, double max) {}

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
      int descriptorsBefore) {}

  /// The load tool itself.
  ///
  /// @param cpuMicrosPerPacket of the whole process
  /// @param loopCpuMicrosPerPacket of its event loops alone
  record Load(
      double cpuMicrosPerPacket,
      double loopCpuMicrosPerPacket,
      double loopBusyPercent,
      long receiveOverflow) {}

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
      long beforeKeys) {}
}
