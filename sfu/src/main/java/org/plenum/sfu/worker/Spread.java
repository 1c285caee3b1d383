package org.plenum.sfu.worker;

import java.util.List;

/// Which part of a room the next participant goes to. Pure.
///
/// @param most participants of a part, beyond which the next ones go to another; 0: a room has one
record Spread(int most) {
  /// No part takes anybody: the room needs another worker.
  static final int NONE = -1;

  /// So few people are not what keeps a busy worker busy: they stay together.
  static final int SMALL = 8;

  /// What a part has to do.
  ///
  /// @param count of its participants: all of them for somebody who only watches, else those who do
  ///     not only watch; so nobody who watches takes a place of the others
  /// @param isBusy whether its worker works most of the time
  record Load(int count, boolean isBusy) {}

  boolean takes(Load part) {
    return part.count < most && (part.count < SMALL || !part.isBusy);
  }

  /// The first part that takes somebody more, or [#NONE].
  ///
  /// @param parts the owner first
  int choose(List<Load> parts) {
    for (int i = 0; i < parts.size(); i++) {
      if (takes(parts.get(i))) {
        return i;
      }
    }
    return NONE;
  }

  /// The part with the fewest people, where there is no other worker.
  static int leastCrowded(List<Load> parts) {
    int least = 0;
    for (int i = 1; i < parts.size(); i++) {
      if (parts.get(i).count < parts.get(least).count) {
        least = i;
      }
    }
    return least;
  }
}
