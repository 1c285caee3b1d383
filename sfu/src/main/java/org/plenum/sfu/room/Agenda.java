package org.plenum.sfu.room;

import java.util.Arrays;
import java.util.List;
import org.plenum.ice.NanoTime;

/// When each participant of a room is to be looked at next. A room asks for all of them a hundred
/// times a second: the times lie side by side here, and whoever has nothing to do is not touched.
/// Worker's thread only.
final class Agenda {
  /// Whoever will be due within this time is looked at when they are at hand: to fetch all their
  /// state once more costs more than the look.
  private static final long SOON_NANOS = 50_000_000L;

  private final Look look;
  private List<Participant> people = List.of();
  private long[] dueNanos = {};

  /// The latest time that was asked about: whatever is due then is due the next time.
  private long askedNanos;

  /// Whether somebody is due whom [#onTimeout] has not looked at.
  private boolean urgent;

  Agenda(Look look, long nowNanos) {
    this.look = look;
    askedNanos = NanoTime.at(nowNanos);
  }

  /// Others are there than before. Everybody is due.
  ///
  /// @param inOrder everybody; not changed afterwards
  void people(List<Participant> inOrder) {
    people.forEach(former -> former.agenda(null, 0));
    people = inOrder;
    dueNanos = new long[inOrder.size()];
    everybody();
    for (int place = 0; place < inOrder.size(); place++) {
      inOrder.get(place).agenda(this, place);
    }
  }

  /// Everybody is due.
  void everybody() {
    Arrays.fill(dueNanos, askedNanos);
    urgent = true;
  }

  /// Whoever is in this place is due.
  void due(int place) {
    dueNanos[place] = askedNanos;
    urgent = true;
  }

  /// Whether somebody came up who is not to wait.
  boolean isUrgent() {
    return urgent;
  }

  /// Looks at whoever is in this place if they will be due soon.
  void atHand(int place, long nowNanos) {
    long[] times = dueNanos;
    boolean isDue = NanoTime.isDue(times[place], nowNanos);
    if (!isDue && NanoTime.isDue(times[place], nowNanos + SOON_NANOS)) {
      times[place] = look.at(people.get(place), nowNanos);
    }
  }

  /// Looks at everybody who is due; others may come and go meanwhile.
  void onTimeout(long nowNanos) {
    askedNanos = NanoTime.at(nowNanos);
    urgent = false;
    List<Participant> asked = people;
    long[] times = dueNanos;
    for (int place = 0; place < times.length; place++) {
      if (NanoTime.isDue(times[place], nowNanos)) {
        times[place] = look.at(asked.get(place), nowNanos);
      }
    }
  }

  /// Looks at a participant; takes nobody out of the room.
  interface Look {
    /// @return when it is to be looked at again; [NanoTime#NEVER]: not unless something comes up
    long at(Participant participant, long nowNanos);
  }
}
