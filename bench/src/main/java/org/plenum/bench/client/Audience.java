package org.plenum.bench.client;

import java.util.ArrayList;
import java.util.List;

/// Who receives in a room.
final class Audience {
  private volatile Presence[] members = {};

  /// Any thread.
  synchronized void add(Presence member) {
    List<Presence> more = new ArrayList<>(List.of(members));
    more.add(member);
    members = more.toArray(Presence[]::new);
  }

  /// Any thread; without effect for one who does not receive.
  synchronized void remove(Presence member) {
    List<Presence> rest = new ArrayList<>(List.of(members));
    rest.remove(member);
    members = rest.toArray(Presence[]::new);
  }

  /// How many count at this time, but for the sender itself. Any thread.
  int othersAt(long nanos, Presence sender) {
    int count = 0;
    for (Presence member : members) {
      if (member != sender && member.includes(nanos)) {
        count++;
      }
    }
    return count;
  }
}
