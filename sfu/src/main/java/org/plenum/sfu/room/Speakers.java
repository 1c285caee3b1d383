package org.plenum.sfu.room;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.plenum.ice.NanoTime;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.forward.Track;
import org.plenum.sfu.speaker.SpeakerRanking;

/// The microphones of a room, ranked. Worker's thread only.
final class Speakers {
  private final SpeakerRanking<Track> ranking =
      new SpeakerRanking<>(Track::speech, Track::soundGate, Track::muted);
  private final List<Track> microphones = new ArrayList<>();
  private List<Track> speakingTracks = List.of();
  private List<ParticipantId> speaking = List.of();
  private long sampleAtNanos;

  Speakers(long nowNanos) {
    sampleAtNanos = nowNanos;
  }

  /// Takes a sample if one is due.
  ///
  /// @return whether [#loudest] has changed
  boolean onTimeout(Collection<Participant> participants, long nowNanos) {
    if (!NanoTime.isDue(sampleAtNanos, nowNanos)) {
      return false;
    }
    sampleAtNanos = NanoTime.after(nowNanos, SpeakerRanking.SAMPLE_NANOS);
    microphones.clear();
    for (Participant participant : participants) {
      Track microphone = participant.track(TrackSource.MICROPHONE);
      if (microphone != null) {
        microphones.add(microphone);
      }
    }
    boolean changed = ranking.sample(microphones, nowNanos);
    if (ranking.speaking() != speakingTracks) {
      speakingTracks = ranking.speaking();
      speaking = speakingTracks.stream().map(Track::publisher).toList();
    }
    return changed;
  }

  /// Drops the microphones that are gone, without waiting for the next sample: no slot may be bound
  /// to one of them.
  void forgetAbsent(Map<ParticipantId, Participant> participants) {
    ranking.forget(track -> !isPresent(track, participants));
  }

  private static boolean isPresent(Track track, Map<ParticipantId, Participant> participants) {
    Participant publisher = participants.get(track.publisher());
    return publisher != null && publisher.track(TrackSource.MICROPHONE) == track;
  }

  /// The microphones that extra audio slots may carry, by rank; as many as are worth hearing.
  List<Track> loudest() {
    return ranking.loudest();
  }

  /// Who speaks now, the dominant speaker first.
  List<ParticipantId> speaking() {
    return speaking;
  }
}
