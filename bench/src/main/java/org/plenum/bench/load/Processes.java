package org.plenum.bench.load;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
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
    try {
      return serverPid == 0 ? null : ProcessUsage.of(serverPid, WORKERS);
    } catch (NoSuchFileException e) {
      throw new IOException("there is no process " + serverPid + " (--server-pid)", e);
    }
  }

  /// This one.
  ProcessUsage load() throws IOException {
    return ProcessUsage.of(ProcessHandle.current().pid(), LOOPS);
  }
}
