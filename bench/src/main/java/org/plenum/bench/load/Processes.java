package org.plenum.bench.load;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.plenum.bench.proc.ProcessUsage;

/// The two processes whose use of the machine is measured.
///
/// @param serverPid 0: not known
record Processes(long serverPid) {
  private static final String WORKERS = "plenum-worker";
  private static final String LOOPS = "plenum-load";

  /// Null if the process is not known.
  ///
  /// @throws IOException if there is no such process
  @Nullable ProcessUsage server() throws IOException {
    return serverPid == 0 ? null : ProcessUsage.of(serverPid, WORKERS);
  }

  /// This one.
  ProcessUsage load() throws IOException {
    return ProcessUsage.of(ProcessHandle.current().pid(), LOOPS);
  }
}
