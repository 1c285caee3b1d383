package org.plenum.broadcast.programme;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.TrackId;

/// Which picture is shown: a shared screen, else who is pinned, else the dominant speaker, else
/// whoever was shown before or came first. Speakers take turns no faster than one can watch: one
/// has to speak for a while, and to have been silent before for a while.
final class ProgrammeChoice {
  /// For so long somebody has to be the dominant speaker before they are shown.
  static final long LEAD_NANOS = 1_200_000_000L;

  /// For so long a picture is shown at least before another speaker's takes its place.
  static final long HOLD_NANOS = 3_000_000_000L;

  /// @param isScreen whether it is a shared screen
  record Candidate(TrackId track, ParticipantId publisher, boolean isScreen) {}

  private @Nullable Candidate shown;
  private long shownNanos;
  private @Nullable ParticipantId leader;
  private long leaderNanos;

  /// @param candidates in order of joining
  /// @param speakers the dominant one first
  /// @param pinned null for nobody
  /// @return what is to be shown from now on; null if there is nothing
  @Nullable Candidate choose(
      List<Candidate> candidates,
      List<ParticipantId> speakers,
      @Nullable ParticipantId pinned,
      long nowNanos) {
    ParticipantId dominant = speakers.isEmpty() ? null : speakers.getFirst();
    if (dominant == null || !dominant.equals(leader)) {
      leader = dominant;
      leaderNanos = nowNanos;
    }
    Candidate next = next(candidates, pinned, nowNanos);
    if (next != null && !next.equals(shown)) {
      shownNanos = nowNanos;
    }
    shown = next;
    return next;
  }

  private @Nullable Candidate next(
      List<Candidate> candidates, @Nullable ParticipantId pinned, long nowNanos) {
    Candidate present = shown != null && candidates.contains(shown) ? shown : null;
    if (present != null && present.isScreen()) {
      return present;
    }
    for (Candidate candidate : candidates) {
      if (candidate.isScreen()) {
        return candidate;
      }
    }
    Candidate preferred = of(candidates, pinned);
    if (preferred != null) {
      return preferred;
    }
    boolean mayChange = present == null || nowNanos - shownNanos >= HOLD_NANOS;
    boolean leads = present == null || nowNanos - leaderNanos >= LEAD_NANOS;
    Candidate speaking = of(candidates, leader);
    if (speaking != null && mayChange && leads) {
      return speaking;
    }
    if (present != null) {
      return present;
    }
    return candidates.isEmpty() ? null : candidates.getFirst();
  }

  private static @Nullable Candidate of(
      List<Candidate> candidates, @Nullable ParticipantId publisher) {
    for (Candidate candidate : candidates) {
      if (candidate.publisher().equals(publisher)) {
        return candidate;
      }
    }
    return null;
  }
}
