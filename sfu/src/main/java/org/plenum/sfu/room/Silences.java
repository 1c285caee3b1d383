package org.plenum.sfu.room;

import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.Silence;
import org.plenum.sfu.TrackSource;

/// Whom moderators muted in a room: a person, not a connection, so that no reload ends it. It lasts
/// while the room lives; of who has no identity, until they leave. Worker's thread only.
final class Silences {
  /// Beyond it the oldest are forgotten.
  static final int MOST = 1000;

  private final Set<Silence> all = new LinkedHashSet<>();

  Set<Silence> all() {
    return Set.copyOf(all);
  }

  /// What is muted of a person, as [Silence#person] names them.
  Set<TrackSource> of(String person) {
    Set<TrackSource> sources = EnumSet.noneOf(TrackSource.class);
    if (!all.isEmpty()) {
      for (TrackSource source : TrackSource.values()) {
        if (all.contains(new Silence(person, source))) {
          sources.add(source);
        }
      }
    }
    return sources;
  }

  /// Mutes these sources of a person, and no others.
  void set(String person, Set<TrackSource> sources) {
    for (TrackSource source : TrackSource.values()) {
      var silence = new Silence(person, source);
      if (sources.contains(source)) {
        all.add(silence);
      } else {
        all.remove(silence);
      }
    }
    trim();
  }

  /// Those that were in force before a restart of the server.
  void restore(Set<Silence> kept) {
    all.addAll(kept);
    trim();
  }

  /// A participant goes on under another id.
  void replaced(ParticipantId former, ParticipantId now) {
    Set<TrackSource> sources = of(Silence.person(null, former));
    set(Silence.person(null, former), Set.of());
    if (!sources.isEmpty()) {
      set(Silence.person(null, now), sources);
    }
  }

  /// A participant without identity is nobody any more once it has left.
  void left(ParticipantId participant) {
    if (!all.isEmpty()) {
      set(Silence.person(null, participant), Set.of());
    }
  }

  private void trim() {
    while (all.size() > MOST) {
      all.remove(all.iterator().next());
    }
  }
}
