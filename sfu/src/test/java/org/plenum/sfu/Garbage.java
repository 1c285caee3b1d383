package org.plenum.sfu;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;

/// What a piece of code allocates in steady state, exactly.
///
/// The JVM itself allocates in the thread that it measures: until the optimizing compiler has seen
/// the code, and when it takes an assumption back. What the code allocates it allocates in every
/// window. So the calmest of some windows tells.
public final class Garbage {
  private static final int WINDOWS = 10;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Garbage() {}

  /// Bytes allocated in this thread by the calmest of up to ten windows: 0, or it does allocate.
  ///
  /// @param window thousands of rounds, so that they are compiled after the first ones
  public static long ofCalmest(Runnable window) {
    return ofCalmestMeasured(() -> allocatedBy(window));
  }

  /// The same for windows that measure only a part of what they do, by [#allocatedBy].
  public static long ofCalmestMeasured(LongSupplier window) {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < WINDOWS && least > 0; i++) {
      least = Math.min(least, window.getAsLong());
    }
    return least;
  }

  /// Bytes that this thread allocated while it ran.
  public static long allocatedBy(Runnable code) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    code.run();
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }
}
