package org.plenum.ice.port;

/// The system calls of media ports, for those who start before any port is opened.
public final class SystemCalls {
  private SystemCalls() {}

  /// Links them if this system has them, so that no later call has to wait for that; idempotent.
  public static void link() {
    if (LinuxCalls.areAvailable()) {
      try {
        LinuxCalls.newErrno();
      } catch (LinkageError e) {
        // Whoever opens a port hears of it, and says so.
      }
    }
  }
}
