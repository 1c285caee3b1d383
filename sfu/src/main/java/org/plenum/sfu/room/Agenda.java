package org.plenum.sfu.room;

import java.util.Arrays;
import java.util.List;
import org.plenum.ice.NanoTime;

/// When each participant of a room is to be looked at next. A room asks for all of them a hundred
/// times a second: the times lie side by side here, and whoever has nothing to do is not touched.
/// Worker's thread only.
final class Agenda {
  private List<Participant> people = List.of();
  private long[] dueNanos = {};

  /// The latest time that was asked about: whatever is due then is due the next time.
  private long askedNanos;

  Agenda(long nowNanos) {
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
  }

  /// Whoever is in this place is due.
  void due(int place) {
    dueNanos[place] = askedNanos;
  }

  /// Calls `look` for everybody who is due; others may come and go meanwhile.
  void onTimeout(Look look, long nowNanos) {
    askedNanos = NanoTime.at(nowNanos);
    List<Participant> asked = people;
    long[] times = dueNanos;
    for (int place = 0; place < times.length; place++) {
      if (NanoTime.isDue(times[place], nowNanos)) {
        times[place] = look.at(asked.get(place), nowNanos);
      }
    }
  }

  /// Looks at a participant.
  interface Look {
    /// @return when it is to be looked at again; [NanoTime#NEVER]: not unless something comes up
    long at(Participant participant, long nowNanos);
  }
}
