package org.plenum.sfu.room;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.forward.Track;

/// Ranks the microphones of a room by loudness, from the levels that publishers report (RFC
/// 6464), smoothed so that a click is no speaker and a pause no silence. Worker's thread only,
/// no clock: call [#sample] at a steady pace.
final class Speakers {
  /// How often [#sample] is to be called.
  static final long SAMPLE_NANOS = 250_000_000L;

  /// The most speakers that are reported.
  static final int MOST_TOLD = 8;

  private static final double RISE = 0.6;
  private static final double FALL = 0.25;

  /// Smoothed loudness (127 + dBov) at which somebody counts as speaking: about -50 dBov.
  private static final double SPEAKING = 77;

  private final Map<Track, Double> loudness = new HashMap<>();
  private List<Track> ranking = List.of();
  private List<ParticipantId> speaking = List.of();

  /// Takes the levels of the last interval.
  void sample(Collection<Participant> participants) {
    List<Track> microphones = new ArrayList<>();
    for (Participant participant : participants) {
      Track microphone = participant.track(TrackSource.MICROPHONE);
      if (microphone != null) {
        microphones.add(microphone);
        smooth(microphone);
      }
    }
    if (loudness.size() > microphones.size()) {
      loudness.keySet().retainAll(new HashSet<>(microphones));
    }
    microphones.sort((a, b) -> Double.compare(loudness(b), loudness(a)));
    ranking = microphones;
    List<ParticipantId> loud = new ArrayList<>();
    for (Track track : microphones) {
      if (loud.size() < MOST_TOLD && loudness(track) >= SPEAKING) {
        loud.add(track.publisher());
      }
    }
    speaking = List.copyOf(loud);
  }

  /// Drops the microphones that are gone, without waiting for the next sample: no slot may be bound
  /// to one of them.
  void forgetAbsent(Map<ParticipantId, Participant> participants) {
    ranking = ranking.stream().filter(track -> isPresent(track, participants)).toList();
  }

  private static boolean isPresent(Track track, Map<ParticipantId, Participant> participants) {
    Participant publisher = participants.get(track.publisher());
    return publisher != null && publisher.track(TrackSource.MICROPHONE) == track;
  }

  /// All microphones, loudest first.
  List<Track> ranking() {
    return ranking;
  }

  /// Those who are speaking now, loudest first.
  List<ParticipantId> speaking() {
    return speaking;
  }

  private void smooth(Track track) {
    double now = track.muted() ? 0 : 127 - track.takeAudioLevel();
    double before = loudness(track);
    loudness.put(track, before + (now - before) * (now > before ? RISE : FALL));
  }

  private double loudness(Track track) {
    return loudness.getOrDefault(track, 0.0);
  }
}
