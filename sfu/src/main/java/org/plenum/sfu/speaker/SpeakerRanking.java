package org.plenum.sfu.speaker;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Ranks the microphones of a room: who speaks, who is the dominant speaker, whose sound is worth
/// forwarding ([SoundGate]). Its cost is one pass over the microphones at each sample, whatever the
/// number of viewers. Microphones are told apart by identity. Owned by one thread.
///
/// Somebody who begins to speak passes those who are silent at once; of two who speak, the louder
/// passes the other only by a margin and after a while. So the order changes no faster than a
/// person can follow, and nobody loses their first word.
///
/// @param <M> a microphone
public final class SpeakerRanking<M> {
  /// How often [#sample] is to be called.
  public static final long SAMPLE_NANOS = 50_000_000L;

  /// Microphones that are forwarded at once; more voices are noise.
  public static final int MOST_FORWARDED = 8;

  /// A pause this short belongs to the speech.
  static final long PAUSE_NANOS = 1_000_000_000L;

  /// Nobody is followed by the eye in less.
  static final long HOLD_NANOS = 2_000_000_000L;

  private static final double LOUDER_DECIBELS = 6;

  private static final class Entry<M> {
    private final M microphone;
    private final Speech speech;
    private final SoundGate gate;
    private long loudNanos;
    private long placedNanos;
    private boolean speaking;
    private boolean hasSpoken;
    private boolean muted;
    private int rank;
    private long seen;

    private Entry(M microphone, Speech speech, SoundGate gate, long nowNanos) {
      this.microphone = microphone;
      this.speech = speech;
      this.gate = gate;
      placedNanos = nowNanos;
    }

    /// @return whether [#speaking] has changed
    private boolean update(boolean isMuted, long nowNanos) {
      boolean before = speaking;
      speech.advance(nowNanos);
      muted = isMuted;
      if (muted) {
        speaking = false;
      } else if (speech.isLoud()) {
        speaking = true;
        hasSpoken = true;
        loudNanos = nowNanos;
      } else if (nowNanos - loudNanos > PAUSE_NANOS) {
        speaking = false;
      }
      return speaking != before;
    }

    private boolean passes(Entry<M> above, long nowNanos) {
      if (speaking != above.speaking) {
        return speaking;
      }
      if (!speaking) {
        return above.muted && !muted;
      }
      return speech.loudness() > above.speech.loudness() + LOUDER_DECIBELS
          && nowNanos - above.placedNanos >= HOLD_NANOS
          && nowNanos - placedNanos >= HOLD_NANOS;
    }
  }

  private final Function<M, Speech> speechOf;
  private final Function<M, SoundGate> gateOf;
  private final Predicate<M> isMuted;
  private final SoundGate.Places places = new SoundGate.Places();
  private final Map<M, Entry<M>> entries = new IdentityHashMap<>();
  private final List<Entry<M>> order = new ArrayList<>();
  private final List<Speech> candidates = new ArrayList<>();
  private @Nullable Entry<M> dominant;
  private @Nullable Speech decided;
  private long decideAtNanos;
  private long dominantNanos;
  private boolean begun;
  private boolean changed;
  private long samples;
  private List<M> loudest = List.of();
  private List<M> speaking = List.of();

  /// @param gateOf told at each sample whether the microphone has a place
  public SpeakerRanking(
      Function<M, Speech> speechOf, Function<M, SoundGate> gateOf, Predicate<M> isMuted) {
    this.speechOf = speechOf;
    this.gateOf = gateOf;
    this.isMuted = isMuted;
  }

  /// Takes the levels since the last sample.
  ///
  /// @param present all microphones there are
  /// @return whether [#loudest] has changed
  public boolean sample(List<M> present, long nowNanos) {
    if (!begun) {
      begun = true;
      decideAtNanos = nowNanos;
      dominantNanos = nowNanos - HOLD_NANOS;
    }
    enter(present, nowNanos);
    rank(nowNanos);
    givePlaces(nowNanos);
    if (nowNanos - decideAtNanos >= 0) {
      decideAtNanos = nowNanos + DominantSpeaker.INTERVAL_NANOS;
      decide(nowNanos);
    }
    return publish();
  }

  private void enter(List<M> present, long nowNanos) {
    samples++;
    for (M microphone : present) {
      Entry<M> entry = entries.get(microphone);
      if (entry == null) {
        Speech speech = speechOf.apply(microphone);
        entry = new Entry<>(microphone, speech, gateOf.apply(microphone), nowNanos);
        entries.put(microphone, entry);
        order.add(entry);
        changed = true;
      }
      entry.seen = samples;
      changed |= entry.update(isMuted.test(microphone), nowNanos);
    }
    if (order.size() > present.size()) {
      forgetUnseen();
    }
  }

  private void forgetUnseen() {
    changed = true;
    for (Entry<M> entry : order) {
      if (entry.seen != samples) {
        entry.gate.leave();
      }
    }
    order.removeIf(entry -> entry.seen != samples);
    entries.values().removeIf(entry -> entry.seen != samples);
    if (dominant != null && dominant.seen != samples) {
      dominant = null;
      decided = null;
    }
  }

  private void rank(long nowNanos) {
    for (int i = 1; i < order.size(); i++) {
      for (int at = i; at > 0 && order.get(at).passes(order.get(at - 1), nowNanos); at--) {
        Entry<M> above = order.set(at - 1, order.get(at));
        order.set(at, above);
        above.placedNanos = nowNanos;
        order.get(at - 1).placedNanos = nowNanos;
        changed = true;
      }
    }
    for (int i = 0; i < order.size(); i++) {
      order.get(i).rank = i;
    }
  }

  /// By rank and from nothing: a place that somebody left, however that was, is free again.
  private void givePlaces(long nowNanos) {
    places.scarce = order.size() > MOST_FORWARDED;
    places.taken = 0;
    for (int i = 0; i < order.size(); i++) {
      Entry<M> entry = order.get(i);
      entry.gate.place(places, entry.muted, nowNanos);
    }
  }

  private void decide(long nowNanos) {
    candidates.clear();
    for (Entry<M> entry : order) {
      if (!entry.muted) {
        candidates.add(entry.speech);
      }
    }
    decided = DominantSpeaker.decide(candidates, decided, nowNanos);
    boolean isOther = decided != null && (dominant == null || decided != dominant.speech);
    if (isOther && nowNanos - dominantNanos >= HOLD_NANOS) {
      dominantNanos = nowNanos;
      changed = true;
      for (Entry<M> entry : order) {
        dominant = entry.speech == decided ? entry : dominant;
      }
    }
  }

  private boolean publish() {
    if (!changed) {
      return false;
    }
    changed = false;
    List<M> now = new ArrayList<>();
    List<M> loud = new ArrayList<>();
    for (int i = 0; i < Math.min(order.size(), MOST_FORWARDED); i++) {
      Entry<M> entry = order.get(i);
      now.add(entry.microphone);
      if (entry.speaking) {
        loud.add(loud.isEmpty() || entry != dominant ? loud.size() : 0, entry.microphone);
      }
    }
    speaking = List.copyOf(loud);
    if (isSame(now, loudest)) {
      return false;
    }
    loudest = List.copyOf(now);
    return true;
  }

  private static <M> boolean isSame(List<M> one, List<M> other) {
    if (one.size() != other.size()) {
      return false;
    }
    for (int i = 0; i < one.size(); i++) {
      if (one.get(i) != other.get(i)) {
        return false;
      }
    }
    return true;
  }

  /// Drops a microphone that is gone, without waiting for the next sample.
  public void forget(Predicate<M> isGone) {
    if (loudest.stream().anyMatch(isGone)) {
      changed = true;
      loudest = loudest.stream().filter(isGone.negate()).toList();
    }
  }

  /// The first [#MOST_FORWARDED] of the ranking, whether they speak just now or not.
  public List<M> loudest() {
    return loudest;
  }

  /// Those of them who speak now, the dominant speaker first.
  public List<M> speaking() {
    return speaking;
  }

  /// Whom the eye should be on; keeps it while nobody else takes over, null before anybody spoke.
  public @Nullable M dominant() {
    return dominant == null ? null : dominant.microphone;
  }

  /// Place of a microphone, 0 first; -1 if it was not there at the latest sample.
  public int rank(M microphone) {
    Entry<M> entry = entries.get(microphone);
    return entry == null ? -1 : entry.rank;
  }

  /// How much the picture of this microphone's owner matters: 0 for the dominant speaker, then 1
  /// and up for others who have spoken and are among the loudest; `Integer.MAX_VALUE` for the rest.
  public int speakerRank(M microphone) {
    Entry<M> entry = entries.get(microphone);
    if (entry == null) {
      return Integer.MAX_VALUE;
    }
    if (entry == dominant) {
      return 0;
    }
    return entry.hasSpoken && entry.rank < MOST_FORWARDED ? entry.rank + 1 : Integer.MAX_VALUE;
  }
}
