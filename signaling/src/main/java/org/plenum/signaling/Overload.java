package org.plenum.signaling;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Why nobody new may come in now, if there is a reason. Any thread.
final class Overload {
  private record Reason(String words, BooleanSupplier holds) {}

  private final List<Reason> reasons = new CopyOnWriteArrayList<>();

  /// @param words for whoever is refused
  /// @param holds whether it is so now
  void add(String words, BooleanSupplier holds) {
    reasons.add(new Reason(words, holds));
  }

  /// The first that holds, or null.
  @Nullable String reason() {
    return reasons.stream()
        .filter(reason -> reason.holds().getAsBoolean())
        .findFirst()
        .map(Reason::words)
        .orElse(null);
  }
}
