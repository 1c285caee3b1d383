package org.plenum.bench.load;

import java.util.ArrayList;
import java.util.List;
import org.plenum.bench.client.ClientPlan;

/// Who is in a run.
///
/// @param rooms how many alike
/// @param publishers in each room who only send; in a conference, who send and receive
/// @param viewers in each room who only receive
/// @param conference whether publishers receive each other
record Shape(int rooms, int publishers, int viewers, boolean conference) {
  /// Slots of a participant, two a seat (PROTOCOL.md).
  private static final int MOST_SEATS = 64;

  Shape {
    if (rooms < 1 || publishers < 1 || viewers < 0) {
      throw new IllegalArgumentException(
          "at least one room and one publisher are needed, not "
              + rooms
              + " rooms of "
              + publishers
              + " publishers");
    }
    if (seats(publishers, conference) > MOST_SEATS) {
      throw new IllegalArgumentException(
          "a client has at most " + MOST_SEATS + " seats, so a room fewer than 65 publishers");
    }
  }

  private static int seats(int publishers, boolean conference) {
    return conference ? publishers - 1 : publishers;
  }

  /// The clients where each viewer views one publisher, as with WHEP: room by room, publishers
  /// first, and each of them has all the viewers there are.
  ///
  /// @param run makes the names of rooms unlike those of another run
  List<ClientPlan> plansOfOneEach(String run) {
    List<ClientPlan> plans = new ArrayList<>();
    for (int r = 0; r < rooms; r++) {
      String room = "load-" + run + "-" + r;
      for (int p = 0; p < publishers; p++) {
        plans.add(new ClientPlan(room, room + "/" + p, p, "publisher " + p, true, 0, viewers));
      }
      for (int p = 0; p < publishers; p++) {
        for (int v = 0; v < viewers; v++) {
          plans.add(new ClientPlan(room, room + "/" + p, p, "viewer " + v, false, 1, 0));
        }
      }
    }
    return plans;
  }

  /// The clients, room by room, publishers first.
  ///
  /// @param run makes the names of rooms unlike those of another run
  List<ClientPlan> plans(String run) {
    List<ClientPlan> plans = new ArrayList<>();
    for (int r = 0; r < rooms; r++) {
      String room = "load-" + run + "-" + r;
      int reached = viewers + (conference ? publishers - 1 : 0);
      for (int p = 0; p < publishers; p++) {
        int seats = conference ? publishers - 1 : 0;
        plans.add(new ClientPlan(room, room, p, "publisher " + p, true, seats, reached));
      }
      for (int v = 0; v < viewers; v++) {
        plans.add(new ClientPlan(room, room, 0, "viewer " + v, false, publishers, 0));
      }
    }
    return plans;
  }

  @Override
  public String toString() {
    String each = conference ? publishers + " <-> " + publishers : publishers + " -> " + viewers;
    if (conference && viewers > 0) {
      each += " -> " + viewers;
    }
    return rooms == 1 ? each : rooms + " rooms of " + each;
  }
}
