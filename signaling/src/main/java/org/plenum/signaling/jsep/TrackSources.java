package org.plenum.signaling.jsep;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.Mid;
import org.plenum.sfu.TrackSource;

/// Says for each section in which the client sends where its track comes from: as the client says,
/// else microphone and camera first, then the screen.
final class TrackSources {
  private final Map<Mid, TrackHint> byMid = new HashMap<>();

  TrackSources(List<TrackHint> hints, List<OfferedSection> sections) {
    Map<Mid, OfferedSection> tracks = new HashMap<>();
    for (OfferedSection section : sections) {
      Mid mid = section.mid();
      if (mid != null && section.isTrack()) {
        tracks.put(mid, section);
      }
    }
    for (TrackHint hint : hints) {
      add(hint, tracks.get(hint.mid()));
    }
    fill(sections);
  }

  TrackHint of(Mid mid) {
    TrackHint hint = byMid.get(mid);
    if (hint == null) {
      throw new IllegalStateException("no source for section " + mid);
    }
    return hint;
  }

  private void add(TrackHint hint, @Nullable OfferedSection section) {
    if (section == null) {
      throw new InvalidOfferException(
          "tracks", "tracks names section " + hint.mid() + ", in which the offer does not send");
    }
    if (section.kind() != hint.source().kind()) {
      throw new InvalidOfferException(
          "tracks", "section " + hint.mid() + " is not of the kind of " + hint.source());
    }
    if (byMid.put(hint.mid(), hint) != null) {
      throw new InvalidOfferException("tracks", "tracks names section " + hint.mid() + " twice");
    }
  }

  private void fill(List<OfferedSection> sections) {
    Set<TrackSource> free = EnumSet.allOf(TrackSource.class);
    byMid.values().forEach(hint -> free.remove(hint.source()));
    for (OfferedSection section : sections) {
      Mid mid = section.mid();
      MediaKind kind = section.kind();
      if (mid != null && kind != null && section.isTrack() && !byMid.containsKey(mid)) {
        TrackSource source = firstOf(kind, free, mid);
        free.remove(source);
        byMid.put(mid, new TrackHint(mid, source, false));
      }
    }
  }

  private static TrackSource firstOf(MediaKind kind, Set<TrackSource> free, Mid mid) {
    for (TrackSource source : free) {
      if (source.kind() == kind) {
        return source;
      }
    }
    throw new InvalidOfferException(
        "tracks", "the source of section " + mid + " must be given: it cannot be guessed");
  }
}
