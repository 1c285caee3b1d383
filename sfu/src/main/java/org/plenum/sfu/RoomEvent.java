package org.plenum.sfu;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a room tells one participant. Order is kept.
public sealed interface RoomEvent {
  record ParticipantJoined(ParticipantInfo participant) implements RoomEvent {}

  record ParticipantLeft(ParticipantId participant, LeaveReason reason) implements RoomEvent {}

  /// A track is new, or was muted or unmuted.
  record TrackPublished(ParticipantId participant, TrackInfo track) implements RoomEvent {}

  record TrackUnpublished(ParticipantId participant, TrackId track) implements RoomEvent {}

  /// A slot carries another track, or is paused or not otherwise than it was told.
  record SlotBound(SlotBinding binding) implements RoomEvent {}

  /// Somebody cannot decode what you send in this section: offer again, this codec preferred.
  record PublishWanted(Mid mid, CodecName codec) implements RoomEvent {}

  /// You send more in this section than is taken; the rest is dropped. At most once in 10 s.
  ///
  /// @param bitrateBps what is taken, bit/s
  record BitrateExceeded(Mid mid, long bitrateBps) implements RoomEvent {}

  /// Send these encodings of what you publish in this section, and no others: nobody needs them.
  ///
  /// @param active in the order of your offer; at least one
  /// @param ceilings what to send at the most of some, bit/s: nobody has the bandwidth for more
  record LayersWanted(Mid mid, List<Rid> active, Map<Rid, Long> ceilings) implements RoomEvent {
    public LayersWanted {
      active = List.copyOf(active);
      ceilings = Map.copyOf(ceilings);
    }
  }

  /// How good some of your sections are by now, slots and published tracks alike. At most once a
  /// second, and only those whose grade or cause is another, or that are not rated any more.
  record QualityChanged(List<SectionQuality> sections) implements RoomEvent {
    public QualityChanged {
      sections = List.copyOf(sections);
    }
  }

  /// Your client goes on in a section under another SSRC, as 32 unsigned bits. For the log.
  record SsrcChanged(Mid mid, int former, int ssrc) implements RoomEvent {}

  record TransportStateChanged(TransportState state) implements RoomEvent {}

  /// Who speaks, loudest first; empty if nobody does. At most 8, at most 4 times a second, only on
  /// change.
  record SpeakersChanged(List<ParticipantId> speakers) implements RoomEvent {
    public SpeakersChanged {
      speakers = List.copyOf(speakers);
    }
  }

  /// Moderators have muted these sources of somebody, perhaps of yourself, and no others.
  record Silenced(ParticipantId participant, Set<TrackSource> sources) implements RoomEvent {
    public Silenced {
      sources = Set.copyOf(sources);
    }
  }

  /// Somebody, perhaps you yourself, is shown under another name from now on.
  record Renamed(ParticipantId participant, String name) implements RoomEvent {}

  /// A message to you.
  ///
  /// @param from null: the server
  /// @param topic what it is about, for programs; may be empty
  /// @param direct whether it is to you alone
  record MessageReceived(@Nullable ParticipantId from, String topic, String text, boolean direct)
      implements RoomEvent {
    /// To everybody.
    public MessageReceived(@Nullable ParticipantId from, String topic, String text) {
      this(from, topic, text, false);
    }

    /// Without what it says: it must never get into a log.
    @Override
    public String toString() {
      return "MessageReceived[from=" + from + "]";
    }
  }

  /// You and another participant are to talk directly, do so, or talk through the SFU again.
  ///
  /// @param call counts the direct calls of the room
  /// @param offers whether your client makes the offer
  /// @param end why it has ended; null unless it has
  record DirectChanged(
      long call, State state, ParticipantId other, boolean offers, @Nullable DirectEnd end)
      implements RoomEvent {
    /// How far it is.
    public enum State {
      /// Look for a path; media goes through the SFU.
      STARTED,
      /// Both have a path: video goes by it, and the SFU forwards none.
      UP,
      ENDED
    }
  }

  /// What the client of the one whom you talk to directly tells yours.
  record PeerReceived(ParticipantId from, PeerMessage message) implements RoomEvent {}

  /// How many hidden viewers there are beside you. At most 4 times a second, only on change.
  record HiddenChanged(int count) implements RoomEvent {}

  /// Whether the room is broadcast or recorded has changed.
  record ObservationChanged(Observation observation) implements RoomEvent {}

  /// The worker that serves you leaves more or less undone than before, as far as you notice: one
  /// of [LoadStep#TOP_LAYERS] and those after it, or [LoadStep#NONE].
  record LoadChanged(LoadStep step) implements RoomEvent {}

  /// Hold back what you receive for so long at least before you show it: what is lost on your path
  /// comes late when it is sent again.
  ///
  /// @param millis 0 for as long as you like, as until the first of these events
  record PlayoutDelayWanted(int millis) implements RoomEvent {}

  /// You are out; the last event.
  record Removed(LeaveReason reason) implements RoomEvent {}
}
