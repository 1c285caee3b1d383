package org.plenum.sfu.room;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.ParticipantDetails;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.Permissions;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RefusedException.Reason;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.TrackId;
import org.plenum.sfu.TrackInfo;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.forward.Track;
import org.plenum.sfu.relay.RelayMessage;

/// What is decided about those who are in a room: what of theirs moderators muted, and what they
/// may do. Whoever is in another part of the room hears of it there. Worker's thread only.
final class Moderation {
  private final Silences silences = new Silences();
  private final Map<ParticipantId, Participant> participants;
  private final Relays relays;
  private final Telling others;
  private final LongConsumer rearrange;

  /// Tells everybody who is here but one.
  interface Telling {
    void tell(@Nullable Participant about, RoomEvent event);
  }

  /// @param participants everybody, as they come and go
  /// @param rearrange finds out anew what each is sent, at a time in nanoseconds
  Moderation(
      Map<ParticipantId, Participant> participants,
      Relays relays,
      Telling others,
      LongConsumer rearrange) {
    this.participants = participants;
    this.relays = relays;
    this.others = others;
    this.rearrange = rearrange;
  }

  /// Whom moderators muted, whether they are here or not.
  Silences silences() {
    return silences;
  }

  /// A track is muted for all, or not any more.
  ///
  /// @throws RefusedException if there is no such track
  ParticipantDetails silence(
      Participant publisher, TrackId which, boolean silenced, long nowNanos) {
    Track track = publisher.track(which);
    if (track == null) {
      throw new RefusedException(Reason.UNKNOWN_TRACK, "there is no track " + which);
    }
    Set<TrackSource> sources = EnumSet.noneOf(TrackSource.class);
    sources.addAll(publisher.silenced());
    if (silenced) {
      sources.add(track.source());
    } else {
      sources.remove(track.source());
    }
    return silence(publisher, sources, nowNanos);
  }

  /// Mutes these sources of a person, and no others, in all their participants.
  ParticipantDetails silence(Participant one, Set<TrackSource> sources, long nowNanos) {
    if (!one.silenced().equals(sources)) {
      String person = one.person();
      silences.set(person, sources);
      relays.tellAll(new RelayMessage.Silenced(person, sources));
      silenceHere(person, sources, nowNanos);
    }
    return Details.of(one);
  }

  /// The same in this part of the room, which was told.
  ///
  /// @param person as [Silence#person] names them
  void silenceHere(String person, Set<TrackSource> sources, long nowNanos) {
    for (Participant each : participants.values()) {
      if (each.person().equals(person)) {
        List<TrackInfo> before = each.tracks().values().stream().map(Track::info).toList();
        each.silenced(sources);
        each.tell(new RoomEvent.Silenced(each.id(), each.silenced()));
        tellChange(each, before);
      }
    }
    rearrange.accept(nowNanos);
  }

  private void tellChange(Participant silenced, List<TrackInfo> before) {
    if (silenced.hidden()) {
      return;
    }
    others.tell(silenced, new RoomEvent.Silenced(silenced.id(), silenced.silenced()));
    for (Track track : silenced.tracks().values()) {
      if (!before.contains(track.info())) {
        others.tell(silenced, new RoomEvent.TrackPublished(silenced.id(), track.info()));
      }
    }
  }

  /// Somebody may do other things than before.
  ParticipantDetails permit(Participant participant, Permissions permissions, long nowNanos) {
    relays.tellAll(new RelayMessage.Permitted(participant.id(), permissions));
    permitHere(participant, permissions, nowNanos);
    return Details.of(participant);
  }

  /// The same in this part of the room, which was told.
  void permitHere(Participant participant, Permissions permissions, long nowNanos) {
    participant.permissions(permissions);
    rearrange.accept(nowNanos);
  }
}
