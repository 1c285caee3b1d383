package org.plenum.sfu.room;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.SeatView;
import org.plenum.sfu.SlotBinding;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.forward.Slot;
import org.plenum.sfu.forward.Track;

/// Decides who sits in which of a viewer's seats, and binds the slots to match. Both slots of a
/// seat are always bound
/// together. No state of its own; worker's thread only.
final class Seating {
  private Seating() {}

  /// Brings a viewer's seats in line with the room and tells the viewer what changed.
  static void arrange(Participant viewer, Map<ParticipantId, Participant> room) {
    List<SeatView> view = viewer.permissions().subscribe() ? viewer.view() : List.of();
    if (view == null) {
      fill(viewer, room.values());
    } else {
      follow(viewer, view, room);
    }
    for (Seat seat : viewer.seats()) {
      bind(viewer, seat);
    }
    for (Slot slot : viewer.slots().values()) {
      if (slot.kind() == MediaKind.VIDEO && viewer.seatOf(slot) == null) {
        rebind(viewer, slot, -1, null);
      }
    }
  }

  /// Binds the audio slots that are in no seat to the loudest microphones of those who have no
  /// seat.
  ///
  /// @param loudest all microphones, loudest first
  static void arrangeExtraAudio(Participant viewer, List<Track> loudest) {
    List<Slot> extra = extraAudioSlots(viewer);
    if (extra.isEmpty()) {
      return;
    }
    int most = viewer.permissions().subscribe() ? extra.size() : 0;
    Set<Track> wanted = unseated(viewer, loudest, most);
    List<Slot> free = new ArrayList<>();
    for (Slot slot : extra) {
      if (!wanted.remove(slot.bound())) {
        free.add(slot);
      }
    }
    var next = wanted.iterator();
    for (Slot slot : free) {
      rebind(viewer, slot, -1, next.hasNext() ? next.next() : null);
    }
  }

  /// Without a view, seats are filled in order of joining; who sits stays.
  private static void fill(Participant viewer, Collection<Participant> room) {
    List<Seat.Occupant> waiting = new ArrayList<>();
    for (Participant other : room) {
      if (other != viewer) {
        addOccupants(other, waiting);
      }
    }
    for (Seat seat : viewer.seats()) {
      if (seat.occupant() != null && !waiting.remove(seat.occupant())) {
        seat.occupy(null, 0);
      }
    }
    for (Seat seat : viewer.seats()) {
      if (seat.occupant() == null && !waiting.isEmpty()) {
        seat.occupy(waiting.removeFirst(), Integer.MAX_VALUE);
      }
    }
  }

  private static void addOccupants(Participant other, List<Seat.Occupant> into) {
    boolean camera =
        other.track(TrackSource.CAMERA) != null || other.track(TrackSource.MICROPHONE) != null;
    if (camera) {
      into.add(new Seat.Occupant(other, false));
    }
    if (other.track(TrackSource.SCREEN) != null) {
      into.add(new Seat.Occupant(other, true));
    }
  }

  private static void follow(
      Participant viewer, List<SeatView> view, Map<ParticipantId, Participant> room) {
    for (Seat seat : viewer.seats()) {
      SeatView wanted = null;
      for (SeatView candidate : view) {
        if (candidate.seat() == seat.number()) {
          wanted = candidate;
        }
      }
      Participant shown = wanted == null ? null : room.get(wanted.participant());
      if (wanted == null || shown == null || shown == viewer) {
        seat.occupy(null, 0);
      } else {
        seat.occupy(new Seat.Occupant(shown, wanted.screen()), wanted.maxHeight());
      }
    }
  }

  private static void bind(Participant viewer, Seat seat) {
    Track audio = null;
    Track video = null;
    Seat.Occupant occupant = seat.occupant();
    if (occupant != null) {
      Participant shown = occupant.participant();
      audio = shown.track(occupant.screen() ? TrackSource.SCREEN_AUDIO : TrackSource.MICROPHONE);
      video = shown.track(occupant.screen() ? TrackSource.SCREEN : TrackSource.CAMERA);
    }
    if (seat.audio() != null) {
      rebind(viewer, seat.audio(), seat.number(), audio);
    }
    if (seat.video() != null) {
      rebind(viewer, seat.video(), seat.number(), seat.maxHeight() == 0 ? null : video);
    }
  }

  private static void rebind(Participant viewer, Slot slot, int seat, @Nullable Track track) {
    if (slot.bound() != track) {
      slot.bind(track);
      viewer.tell(new RoomEvent.SlotBound(binding(slot, seat)));
    }
  }

  /// What a slot carries, as its viewer is told.
  static SlotBinding binding(Slot slot, int seat) {
    Track track = slot.bound();
    return new SlotBinding(
        slot.mid(),
        seat,
        track == null ? null : track.publisher(),
        track == null ? null : track.id(),
        track == null ? null : track.source(),
        slot.generation());
  }

  private static List<Slot> extraAudioSlots(Participant viewer) {
    List<Slot> extra = new ArrayList<>();
    for (Slot slot : viewer.slots().values()) {
      if (slot.kind() == MediaKind.AUDIO && viewer.seatOf(slot) == null) {
        extra.add(slot);
      }
    }
    return extra;
  }

  private static Set<Track> unseated(Participant viewer, List<Track> loudest, int most) {
    Set<ParticipantId> seated = new HashSet<>();
    seated.add(viewer.id());
    for (Seat seat : viewer.seats()) {
      if (seat.occupant() != null && !seat.occupant().screen() && seat.audio() != null) {
        seated.add(seat.occupant().participant().id());
      }
    }
    Set<Track> wanted = new LinkedHashSet<>();
    for (Track track : loudest) {
      if (wanted.size() < most && !seated.contains(track.publisher())) {
        wanted.add(track);
      }
    }
    return wanted;
  }
}
