package org.plenum.sfu.room;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.Codec;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.Observation;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RoomTap;
import org.plenum.sfu.TappedStream;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.counters.WorkerCounters;
import org.plenum.sfu.forward.Track;
import org.plenum.sfu.forward.TrackTap;

/// The observers of a room's media. They see what a viewer may: nothing of a track that a moderator
/// silenced, or whose publisher may not publish it any more. Worker's thread only.
final class Taps {
  /// At the same time.
  private static final int MOST = 4;

  private static final TrackSource[] SOURCES = TrackSource.values();

  private final WorkerCounters counters;
  private final List<Tapping> all = new ArrayList<>();
  private Observation elsewhere = Observation.NONE;
  private @Nullable Set<CodecName> codecsElsewhere;

  private static final class Tapping {
    final RoomTap tap;
    final List<TrackTap> tracks = new ArrayList<>();
    List<ParticipantId> speakersTold = List.of();

    Tapping(RoomTap tap) {
      this.tap = tap;
    }
  }

  Taps(WorkerCounters counters) {
    this.counters = counters;
  }

  /// Refuses one too many.
  void add(RoomTap tap) {
    if (all.size() >= MOST) {
      throw new RefusedException(
          RefusedException.Reason.FORBIDDEN, "the room has " + MOST + " observers already");
    }
    all.add(new Tapping(tap));
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  /// What those of another part of the room do, and the codecs of video that they can use.
  ///
  /// @param codecs null: any
  void elsewhere(Observation observation, @Nullable Set<CodecName> codecs) {
    elsewhere = observation;
    codecsElsewhere = codecs;
  }

  /// The codecs of video that every observer can use; null: any.
  @Nullable Set<CodecName> codecs() {
    if (all.isEmpty()) {
      return codecsElsewhere;
    }
    Set<CodecName> common = EnumSet.allOf(CodecName.class);
    all.forEach(tapping -> common.removeIf(codec -> !tapping.tap.takes(codec)));
    return common;
  }

  /// What they do with the media.
  Observation observation() {
    return all.isEmpty()
        ? elsewhere
        : new Observation(has(RoomTap.Purpose.BROADCAST), has(RoomTap.Purpose.RECORDING));
  }

  private boolean has(RoomTap.Purpose purpose) {
    for (Tapping tapping : all) {
      if (tapping.tap.purpose() == purpose) {
        return true;
      }
    }
    return false;
  }

  /// Whether every observer can use this codec.
  boolean take(Codec codec) {
    if (codec.name().kind() == MediaKind.VIDEO
        && codecsElsewhere != null
        && !codecsElsewhere.contains(codec.name())) {
      return false;
    }
    for (Tapping tapping : all) {
      if (codec.name().kind() == MediaKind.VIDEO && !tapping.tap.takes(codec)) {
        return false;
      }
    }
    return true;
  }

  /// Whether what they do is best done with this codec: whoever watches a broadcast decodes H264,
  /// and VP9 and AV1 not everywhere.
  boolean prefer(Codec codec) {
    return codec.name() == CodecName.H264 && observation().broadcast();
  }

  /// Shows them the tracks that may be seen and heard now, and no others.
  void arrange(Collection<Participant> participants) {
    for (Tapping tapping : all) {
      List<Track> visible = visible(participants);
      boolean changed = false;
      for (TrackTap each : List.copyOf(tapping.tracks)) {
        if (!visible.remove(each.track())) {
          each.detach();
          tapping.tracks.remove(each);
          changed = true;
        }
      }
      for (Track fresh : visible) {
        tapping.tracks.add(new TrackTap(fresh, tapping.tap, counters));
      }
      tell(tapping, changed);
    }
  }

  /// Does what they asked for and tells them what has changed.
  ///
  /// @return whether one of them has gone
  boolean onTimeout(List<ParticipantId> speakers) {
    boolean gone = false;
    for (int i = all.size() - 1; i >= 0; i--) {
      Tapping tapping = all.get(i);
      if (tapping.tap.isClosed()) {
        all.remove(i);
        end(tapping);
        gone = true;
        continue;
      }
      for (int track = 0; track < tapping.tracks.size(); track++) {
        tapping.tracks.get(track).onTimeout();
      }
      tell(tapping, false);
      if (!speakers.equals(tapping.speakersTold)) {
        tapping.speakersTold = speakers;
        tapping.tap.speakers(speakers);
      }
    }
    return gone;
  }

  /// Lets go of all of them.
  void end() {
    all.forEach(Taps::end);
    all.clear();
  }

  private static void end(Tapping tapping) {
    tapping.tracks.forEach(TrackTap::detach);
    tapping.tap.end();
  }

  private static void tell(Tapping tapping, boolean changedAnyway) {
    boolean changed = changedAnyway;
    for (int i = 0; i < tapping.tracks.size(); i++) {
      changed |= tapping.tracks.get(i).takeChanged();
    }
    if (changed) {
      List<TappedStream> streams = new ArrayList<>();
      tapping.tracks.forEach(each -> streams.addAll(each.streams()));
      tapping.tap.streams(streams);
    }
  }

  private static List<Track> visible(Collection<Participant> participants) {
    List<Track> visible = new ArrayList<>();
    for (Participant participant : participants) {
      for (TrackSource source : SOURCES) {
        Track track = participant.track(source);
        if (track != null) {
          visible.add(track);
        }
      }
    }
    return visible;
  }
}
