package org.plenum.signaling.jsep;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.Mid;
import org.plenum.sfu.SeatParameters;

/// Which slot belongs to which seat, checked against the offer.
final class Seats {
  private static final int MOST_OF_MID = 50;

  private final Map<Mid, Integer> seatByMid = new HashMap<>();
  private final Map<Mid, MediaKind> slots = new HashMap<>();

  Seats(List<SeatParameters> seats, List<OfferedSection> sections) {
    for (OfferedSection section : sections) {
      Mid mid = section.mid();
      MediaKind kind = section.kind();
      if (mid != null && kind != null && section.isSlot()) {
        slots.put(mid, kind);
      }
    }
    Set<Integer> numbers = new HashSet<>();
    for (SeatParameters seat : seats) {
      if (!numbers.add(seat.seat())) {
        throw new InvalidOfferException("seats", "seat " + seat.seat() + " is given twice");
      }
      add(seat.seat(), seat.audio(), MediaKind.AUDIO);
      add(seat.seat(), seat.video(), MediaKind.VIDEO);
    }
  }

  /// Whether a section becomes a slot. Sound in no seat is for the loudest of those who have none;
  /// a picture in no seat could never be shown.
  boolean isWanted(Mid mid, MediaKind kind) {
    return kind == MediaKind.AUDIO || seatByMid.containsKey(mid);
  }

  /// The MediaStream and track names of a slot (RFC 8830): both slots of a seat share a stream, so
  /// that the browser keeps lips and sound together.
  String msid(Mid mid, MediaKind kind) {
    Integer seat = seatByMid.get(mid);
    String stream = seat == null ? "extra-" + shortened(mid) : "seat-" + seat;
    String suffix =
        switch (kind) {
          case AUDIO -> "-audio";
          case VIDEO -> "-video";
        };
    return stream + " " + stream + suffix;
  }

  /// RFC 8830 §2: with what stands around it, at most 64 characters.
  private static String shortened(Mid mid) {
    String value = mid.value();
    return value.length() <= MOST_OF_MID
        ? value
        : value.substring(0, MOST_OF_MID - 9) + "-" + Integer.toHexString(value.hashCode());
  }

  private void add(int seat, @Nullable Mid mid, MediaKind kind) {
    if (mid == null) {
      return;
    }
    if (slots.get(mid) != kind) {
      throw new InvalidOfferException(
          "seats",
          "seat " + seat + " names section " + mid + ", which is no recvonly section of that kind");
    }
    if (seatByMid.put(mid, seat) != null) {
      throw new InvalidOfferException("seats", "section " + mid + " is in two seats");
    }
  }
}
