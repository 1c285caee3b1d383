package org.plenum.signaling.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.Mid;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.ParticipantInfo;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.RoomSnapshot;
import org.plenum.sfu.SlotBinding;

/// Events that wait until the answer to a request to the room is on its way, so that the client
/// sees the answer first. A snapshot may be older or newer than an event that waits beside it: what
/// it already says is left out. Not thread-safe.
final class HeldEvents {
  /// A request takes milliseconds; a client for which more gathers is treated as too slow.
  static final int CAPACITY = Outbox.CAPACITY;

  private final List<RoomEvent> events = new ArrayList<>();
  private int chat;
  private int missed;

  /// Returns false if too many wait. Messages of other participants are dropped beyond
  /// [Outbox#CHAT_CAPACITY], and counted.
  boolean add(RoomEvent event) {
    if (event instanceof RoomEvent.MessageReceived(var from, _, _, _) && from != null) {
      if (chat == Outbox.CHAT_CAPACITY) {
        missed++;
        return true;
      }
      chat++;
    }
    if (events.size() == CAPACITY) {
      return false;
    }
    events.add(event);
    return true;
  }

  /// How many messages of others were dropped.
  int missed() {
    return missed;
  }

  List<RoomEvent> all() {
    return events;
  }

  /// The last event, if the room has sent the participant away.
  RoomEvent.@Nullable Removed removed() {
    return !events.isEmpty() && events.getLast() instanceof RoomEvent.Removed removed
        ? removed
        : null;
  }

  /// The events that say something new to a client that knows the snapshot.
  List<RoomEvent> after(RoomSnapshot snapshot) {
    Set<ParticipantId> known = new HashSet<>();
    for (ParticipantInfo participant : snapshot.participants()) {
      known.add(participant.id());
    }
    Map<Mid, SlotBinding> slots = new HashMap<>();
    for (SlotBinding binding : snapshot.slots()) {
      slots.put(binding.mid(), binding);
    }
    return events.stream().filter(event -> isNews(event, known, slots)).toList();
  }

  private static boolean isNews(
      RoomEvent event, Set<ParticipantId> known, Map<Mid, SlotBinding> slots) {
    return switch (event) {
      case RoomEvent.ParticipantJoined(var participant) -> known.add(participant.id());
      case RoomEvent.ParticipantLeft(var participant, _) -> known.remove(participant);
      case RoomEvent.TrackPublished(var participant, _) -> known.contains(participant);
      case RoomEvent.TrackUnpublished(var participant, _) -> known.contains(participant);
      case RoomEvent.SlotBound(var binding) -> isNews(binding, slots.get(binding.mid()));
      case RoomEvent.SsrcChanged _ -> false;
      case RoomEvent.TransportStateChanged _,
          RoomEvent.BitrateExceeded _,
          RoomEvent.PublishWanted _,
          RoomEvent.LayersWanted _,
          RoomEvent.QualityChanged _,
          RoomEvent.SpeakersChanged _,
          RoomEvent.HiddenChanged _,
          RoomEvent.DirectChanged _,
          RoomEvent.PeerReceived _,
          RoomEvent.ObservationChanged _,
          RoomEvent.LoadChanged _,
          RoomEvent.PlayoutDelayWanted _,
          RoomEvent.Silenced _,
          RoomEvent.Renamed _,
          RoomEvent.MessageReceived _,
          RoomEvent.Removed _ ->
          true;
    };
  }

  /// A binding of the same generation is news if the slot was paused, or is not any more.
  private static boolean isNews(SlotBinding binding, @Nullable SlotBinding known) {
    return known == null
        || binding.generation() > known.generation()
        || (binding.generation() == known.generation() && !binding.equals(known));
  }
}
