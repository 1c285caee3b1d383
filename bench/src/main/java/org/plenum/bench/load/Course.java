package org.plenum.bench.load;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How a run goes in time: who comes when, how long it is measured, who leaves meanwhile.
///
/// @param seconds of the measured window
/// @param warmUpSeconds of media before a client counts
/// @param joinsPerSecond 0: as fast as the server takes them
/// @param steps in which clients come; null: all at once
/// @param churnPerSecond clients that leave in each second of the window, for whom others come
record Course(
    double seconds,
    double warmUpSeconds,
    double joinsPerSecond,
    @Nullable Steps steps,
    double churnPerSecond) {
  /// So much longer than its warm-up a step must last, so that a whole second is in it.
  private static final double MEASURED_STEP_SECONDS = 2;

  Course {
    require(seconds > 0, "the measured window must be longer than", 0, seconds);
    require(warmUpSeconds >= 0, "the warm-up must be at least", 0, warmUpSeconds);
    require(joinsPerSecond >= 0, "joins a second must be at least", 0, joinsPerSecond);
    require(churnPerSecond >= 0, "those who leave in a second must be at least", 0, churnPerSecond);
    if (steps != null) {
      double least = warmUpSeconds + MEASURED_STEP_SECONDS;
      require(
          steps.seconds >= least,
          "a step has the warm-up and is measured afterwards, so its seconds must be at least",
          least,
          steps.seconds);
    }
  }

  private static void require(boolean fulfilled, String what, double bound, double value) {
    if (!fulfilled) {
      throw new IllegalArgumentException(what + " " + bound + ", not " + value);
    }
  }

  /// Everybody comes as fast as the server takes them, and stays.
  static Course steady(double seconds, double warmUpSeconds) {
    return new Course(seconds, warmUpSeconds, 0, null, 0);
  }

  /// Clients come so many at a time.
  ///
  /// @param clients in each step
  /// @param seconds from the last of a step until the next step
  record Steps(int clients, double seconds) {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,7}):(\\d{1,6}(?:\\.\\d+)?)");

    Steps {
      if (clients < 1) {
        throw new IllegalArgumentException("a step must bring at least one client");
      }
    }

    /// @throws IllegalArgumentException if it is not a number of clients, a colon and seconds
    static Steps parse(String text) {
      Matcher parts = TEXT.matcher(text);
      if (!parts.matches()) {
        throw new IllegalArgumentException(
            "steps are a number of clients and seconds, such as 10:8, not " + text);
      }
      return new Steps(Integer.parseInt(parts.group(1)), Double.parseDouble(parts.group(2)));
    }
  }
}
