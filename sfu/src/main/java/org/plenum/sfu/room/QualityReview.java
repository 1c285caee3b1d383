package org.plenum.sfu.room;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NanoTime;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.Mid;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.Playback;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.SectionQuality;
import org.plenum.sfu.counters.WorkerCounters;
import org.plenum.sfu.forward.Layer;
import org.plenum.sfu.forward.Track;
import org.plenum.sfu.quality.PublisherSecond;
import org.plenum.sfu.quality.PublisherSecond.Limitation;
import org.plenum.sfu.quality.Quality;
import org.plenum.sfu.quality.QualityScore;
import org.plenum.sfu.transport.Rounds;
import org.plenum.sfu.transport.Transport;

/// Rates once a second, in a room, what each viewer gets of each track and what each publisher
/// sends, counts the seconds, and tells the participants. First reads how all tracks came in, then
/// rates the participants, of a large room some in each turn. Worker's thread only.
final class QualityReview {
  private static final long INTERVAL_NANOS = 1_000_000_000L;

  /// Slots that are rated in one turn: about a millisecond of work.
  private static final int MOST_SLOTS = 1_000;

  /// A publisher of whom nothing has come for so long is cut off: even with DTX, silence is a
  /// packet every 400 ms.
  private static final long SILENT_NANOS = 1_200_000_000L;

  private final WorkerCounters counters;
  private Map<Track, TrackArrivals> arrivals = new HashMap<>();
  private long dueNanos;
  private long tickNanos;
  private long lagNanos;
  private int lagMillis;

  /// Whose turn it is in this round.
  private List<Participant> round = List.of();

  private int next;

  QualityReview(WorkerCounters counters, long nowNanos) {
    this.counters = counters;
    this.dueNanos = nowNanos + INTERVAL_NANOS;
    this.tickNanos = nowNanos;
  }

  /// @param inOrder everybody; not changed afterwards
  /// @param present the same by id, now
  void onTimeout(
      List<Participant> inOrder, Map<ParticipantId, Participant> present, long nowNanos) {
    lagNanos = Math.max(lagNanos, nowNanos - tickNanos - Rounds.MOST_NANOS);
    tickNanos = nowNanos;
    if (next >= round.size() && NanoTime.isDue(dueNanos, nowNanos)) {
      dueNanos = NanoTime.after(nowNanos, INTERVAL_NANOS);
      lagMillis = (int) Math.min(lagNanos / 1_000_000L, Integer.MAX_VALUE);
      lagNanos = 0;
      readArrivals(inOrder, nowNanos);
      round = inOrder;
      next = 0;
    }
    int slots = 0;
    while (next < round.size() && slots < MOST_SLOTS) {
      Participant participant = round.get(next++);
      if (!participant.isRemote() && present.get(participant.id()) == participant) {
        slots += 1 + participant.slots().size();
        rate(participant, nowNanos);
      }
    }
  }

  private void readArrivals(List<Participant> publishers, long nowNanos) {
    Map<Track, TrackArrivals> read = new HashMap<>();
    for (Participant publisher : publishers) {
      Transport transport = publisher.transport();
      boolean isSilent = transport != null && transport.silentNanos(nowNanos) > SILENT_NANOS;
      for (Track track : publisher.tracks().values()) {
        TrackArrivals known = arrivals.get(track);
        TrackArrivals came = known == null ? new TrackArrivals(track) : known;
        came.read(limitation(publisher.playback(), track.mid()), isSilent, nowNanos);
        read.put(track, came);
      }
    }
    arrivals = read;
  }

  private static Limitation limitation(@Nullable Playback said, Mid mid) {
    if (said != null) {
      for (Playback.Encoder encoder : said.encoders()) {
        if (encoder.mid().equals(mid)) {
          return encoder.limitation();
        }
      }
    }
    return Limitation.NONE;
  }

  private void rate(Participant participant, long nowNanos) {
    Map<Mid, Quality> seconds = new LinkedHashMap<>();
    participant.received().read(arrivals, lagMillis, seconds, counters.quality()::record, nowNanos);
    for (Track track : participant.tracks().values()) {
      boolean isHeldBack = participant.talksDirectly() && track.source().kind() == MediaKind.VIDEO;
      Quality quality = isHeldBack ? null : published(track, nowNanos);
      if (quality != null) {
        seconds.put(track.mid(), quality);
      }
    }
    List<SectionQuality> news = participant.ratings().second(seconds);
    if (!news.isEmpty()) {
      participant.tell(new RoomEvent.QualityChanged(news));
    }
  }

  private @Nullable Quality published(Track track, long nowNanos) {
    TrackArrivals came = arrivals.get(track);
    Layer layer = came == null || !came.isRated() ? null : came.main();
    if (came == null || layer == null) {
      return null;
    }
    int waitMillis = (int) Math.min(1_000, layer.keyFrames().waitedNanos(nowNanos) / 1_000_000L);
    PublisherSecond second = came.second(layer, waitMillis, Integer.MAX_VALUE);
    return second == null ? null : QualityScore.of(second);
  }
}
