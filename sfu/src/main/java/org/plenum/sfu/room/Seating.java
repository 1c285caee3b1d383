package org.plenum.sfu.room;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
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

/// Decides who sits in which of a viewer's seats, and binds the slots to match. Both slots of
/// a seat are always bound together. No state of its own; worker's thread only.
final class Seating {
  private Seating() {}

  /// Brings a viewer's seats in line with the room and tells the viewer what changed.
  static void arrange(Participant viewer, Map<ParticipantId, Participant> room) {
    for (Slot slot : viewer.slots().values()) {
      boolean direct = viewer.talksDirectly() && slot.kind() == MediaKind.VIDEO;
      if (slot.direct(direct)) {
        viewer.shares().rebound(slot);
      }
    }
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
  /// @param loudest the microphones that may be heard, by rank; a handful, however large the room
  static void arrangeExtraAudio(
      Participant viewer, List<Track> loudest, Map<ParticipantId, Participant> room) {
    List<Slot> extra = extraAudioSlots(viewer);
    if (extra.isEmpty()) {
      return;
    }
    int most = viewer.permissions().subscribe() ? extra.size() : 0;
    Set<Track> wanted = unseated(viewer, loudest, most, room);
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

  /// Without a view, seats are filled in order of joining; who sits stays, except that somebody of
  /// whom a free seat could carry more moves there.
  private static void fill(Participant viewer, Collection<Participant> room) {
    List<Seat.Occupant> present = new ArrayList<>();
    for (Participant other : room) {
      if (viewer.views(other)) {
        addOccupants(other, present);
      }
    }
    List<Seat> free = new ArrayList<>();
    Map<Seat.Occupant, Seat> seated = new HashMap<>();
    for (Seat seat : viewer.seats()) {
      Seat.Occupant occupant = seat.occupant();
      if (occupant != null && present.contains(occupant) && seat.carries(occupant) > 0) {
        seated.put(occupant, seat);
      } else {
        seat.occupy(null, 0);
        free.add(seat);
      }
    }
    for (Seat.Occupant occupant : present) {
      seat(occupant, seated.get(occupant), free);
    }
  }

  /// @param sitsIn null if the occupant has no seat yet
  private static void seat(Seat.Occupant occupant, @Nullable Seat sitsIn, List<Seat> free) {
    int carried = sitsIn == null ? 0 : sitsIn.carries(occupant);
    Seat best = null;
    for (Seat seat : free) {
      if (seat.carries(occupant) > carried && (best == null || seat.suits(occupant, best))) {
        best = seat;
      }
    }
    if (best == null) {
      return;
    }
    free.remove(best);
    best.occupy(occupant, Integer.MAX_VALUE);
    if (sitsIn != null) {
      sitsIn.occupy(null, 0);
      free.addFirst(sitsIn);
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
      if (wanted == null || shown == null || !viewer.views(shown)) {
        seat.occupy(null, 0);
      } else {
        var occupant = new Seat.Occupant(shown, wanted.screen());
        seat.occupy(occupant, wanted.maxHeight(), wanted.maxFramerate());
      }
    }
  }

  private static void bind(Participant viewer, Seat seat) {
    Track audio = null;
    Track video = null;
    Seat.Occupant occupant = seat.occupant();
    if (occupant != null) {
      audio = occupant.audio();
      video = occupant.video();
    }
    if (seat.audio() != null) {
      rebind(viewer, seat.audio(), seat.number(), audio);
    }
    if (seat.video() != null) {
      seat.video().maxHeight(seat.maxHeight());
      rebind(viewer, seat.video(), seat.number(), seat.maxHeight() == 0 ? null : video);
    }
  }

  private static void rebind(Participant viewer, Slot slot, int seat, @Nullable Track track) {
    if (slot.bound() != track) {
      slot.bind(track);
      viewer.told().remove(slot);
      viewer.shares().rebound(slot);
      viewer.tell(new RoomEvent.SlotBound(binding(viewer, slot, seat)));
      viewer.told().put(slot, Told.of(viewer, slot));
    }
  }

  /// What a viewer was told of what a slot gets of its track.
  record Told(SlotBinding.@Nullable PauseReason paused, int height, int wantedHeight) {
    static final Told NOTHING = new Told(null, 0, 0);

    static Told of(Participant viewer, Slot slot) {
      int height = slot.targetHeight();
      int wanted = Math.max(height, viewer.shares().wantedHeight(slot));
      return new Told(pauseReason(viewer, slot), height, wanted);
    }

    private static SlotBinding.@Nullable PauseReason pauseReason(Participant viewer, Slot slot) {
      if (slot.isDirect() && slot.bound() != null) {
        return SlotBinding.PauseReason.DIRECT;
      }
      if (slot.isPausedForCodec()) {
        return SlotBinding.PauseReason.CODEC;
      }
      if (!slot.isStarved()) {
        return null;
      }
      return viewer.shares().share(slot).shed()
          ? SlotBinding.PauseReason.OVERLOAD
          : SlotBinding.PauseReason.BANDWIDTH;
    }
  }

  /// Tells a viewer which of its slots are paused, or get another layer, since it was told last.
  static void tellLayers(Participant viewer) {
    for (Slot slot : viewer.slots().values()) {
      Told now = Told.of(viewer, slot);
      if (!now.equals(viewer.told().getOrDefault(slot, Told.NOTHING))) {
        viewer.told().put(slot, now);
        Seat seat = viewer.seatOf(slot);
        int number = seat == null ? -1 : seat.number();
        viewer.tell(new RoomEvent.SlotBound(binding(viewer, slot, number)));
      }
    }
  }

  /// What a slot carries, as its viewer is told.
  static SlotBinding binding(Participant viewer, Slot slot, int seat) {
    Track track = slot.bound();
    Told told = Told.of(viewer, slot);
    return new SlotBinding(
        slot.mid(),
        seat,
        track == null ? null : track.publisher(),
        track == null ? null : track.id(),
        track == null ? null : track.source(),
        slot.generation(),
        told.paused(),
        told.height(),
        told.wantedHeight());
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

  private static Set<Track> unseated(
      Participant viewer, List<Track> loudest, int most, Map<ParticipantId, Participant> room) {
    Set<ParticipantId> seated = new HashSet<>();
    for (Seat seat : viewer.seats()) {
      if (seat.occupant() != null && !seat.occupant().screen() && seat.audio() != null) {
        seated.add(seat.occupant().participant().id());
      }
    }
    Set<Track> wanted = new LinkedHashSet<>();
    for (Track track : loudest) {
      Participant publisher = room.get(track.publisher());
      if (wanted.size() < most
          && publisher != null
          && viewer.views(publisher)
          && !seated.contains(publisher.id())) {
        wanted.add(track);
      }
    }
    return wanted;
  }
}
