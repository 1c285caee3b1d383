package org.plenum.sfu.room;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.Mid;
import org.plenum.sfu.ParticipantDetails.PathKind;
import org.plenum.sfu.Playback;
import org.plenum.sfu.TransportState;
import org.plenum.sfu.forward.Layer;
import org.plenum.sfu.forward.Slot;
import org.plenum.sfu.forward.Track;
import org.plenum.sfu.quality.PublisherSecond;
import org.plenum.sfu.quality.Quality;
import org.plenum.sfu.quality.QualityCause;
import org.plenum.sfu.quality.QualityScore;
import org.plenum.sfu.quality.ServerSecond;
import org.plenum.sfu.quality.ViewerSecond;
import org.plenum.sfu.transport.PathReading;
import org.plenum.sfu.transport.SlotReading;
import org.plenum.sfu.transport.Transport;

/// How good one viewer's slots were, second by second: reads what its transport and its client
/// tell, and remembers how it stood. Worker's thread only.
final class ReceivedSeconds {
  private static final long MILLI = 1_000_000L;

  /// A slot that was just bound begins with a small picture.
  private static final int YOUNG_SECONDS = 2;

  /// Browsers report once a second, of sound a little less often.
  private static final long FRESH_REPORT_NANOS = 2_500_000_000L;

  /// What is wrong still explains a freeze for so long: pages tell of it when it is over.
  private static final int LATELY_SECONDS = 5;

  /// Packets in a second of which somebody should have said something.
  private static final int WORTH_FEEDBACK = 20;

  /// A viewer that sends feedback several times a second is silent, and one that does not.
  private static final long SILENT_NANOS = 1_200_000_000L;

  private static final long SILENT_WITHOUT_FEEDBACK_NANOS = 4_000_000_000L;

  private final Participant viewer;
  private final Map<Slot, SlotSeconds> slots = new HashMap<>();
  private PathReading before = new PathReading(0, 0, 0, 0, 0, -1, 0);

  /// What is remembered of a slot while it is rated.
  private static final class SlotSeconds {
    final long generation;
    final Track track;
    int seconds;
    long nacks;
    int nackSeconds;
    QualityCause lately = QualityCause.NONE;
    int latelySeconds;

    /// @param nacks that there were before
    SlotSeconds(long generation, Track track, long nacks) {
      this.generation = generation;
      this.track = track;
      this.nacks = nacks;
    }

    /// Packets that were asked for again within the second; one if some were shortly before.
    int nacks(long total) {
      long asked = Math.max(0, total - nacks);
      nacks = total;
      nackSeconds = asked > 0 ? LATELY_SECONDS : Math.max(0, nackSeconds - 1);
      return Math.clamp(asked, nackSeconds > 0 ? 1 : 0, Integer.MAX_VALUE);
    }

    void note(Quality quality) {
      if (quality.cause() != QualityCause.NONE) {
        lately = quality.cause();
        latelySeconds = LATELY_SECONDS;
      } else if (latelySeconds > 0 && --latelySeconds == 0) {
        lately = QualityCause.NONE;
      }
    }
  }

  /// Of a slot that carries nothing because the worker has too much to do.
  private static final ServerSecond SHED = new ServerSecond(1, 0, 1, 0);

  /// What the server and the way to the viewer were like, for all slots.
  private record Way(ServerSecond server, double loss, boolean isTold, PathReading now) {}

  ReceivedSeconds(Participant viewer) {
    this.viewer = viewer;
  }

  /// A second has passed: rates every slot to which something is to come.
  ///
  /// @param arrivals how the tracks came in, in this second
  /// @param lagMillis how late the worker was at most
  /// @param seconds takes what the slots were rated
  /// @param each told of each of these
  void read(
      Map<Track, TrackArrivals> arrivals,
      int lagMillis,
      Map<Mid, Quality> seconds,
      Consumer<Quality> each,
      long nowNanos) {
    Transport transport = viewer.transport();
    boolean isReached =
        transport != null
            && (transport.state() == TransportState.CONNECTED
                || transport.state() == TransportState.LOST);
    if (transport == null || !isReached) {
      slots.clear();
      return;
    }
    if (slots.size() > viewer.slots().size()) {
      slots.keySet().retainAll(viewer.slots().values());
    }
    Way way = way(transport, lagMillis, nowNanos);
    for (Slot slot : viewer.slots().values()) {
      Quality quality = rate(slot, transport, arrivals, way, nowNanos);
      if (quality != null) {
        seconds.put(slot.mid(), quality);
        each.accept(quality);
      }
    }
  }

  private Way way(Transport transport, int lagMillis, long nowNanos) {
    PathReading now = transport.sender().reading();
    int sent = difference(now.sent(), before.sent());
    int refused = difference(now.refused(), before.refused());
    int overflows = difference(now.overflows(), before.overflows());
    int reported = difference(now.reported(), before.reported());
    int lost = difference(now.lost(), before.lost());
    before = now;
    boolean hasFeedback = now.reported() > 0;
    double loss = reported == 0 ? 0 : Math.min(1, (double) lost / reported);
    long silent = hasFeedback ? SILENT_NANOS : SILENT_WITHOUT_FEEDBACK_NANOS;
    boolean isSilent = sent >= WORTH_FEEDBACK && transport.silentNanos(nowNanos) > silent;
    if (isSilent) {
      loss = 1;
    }
    if (transport.pathKind() == PathKind.TCP) {
      // A connection takes no more when the link behind it carries no more.
      loss = Math.min(1, loss + (sent == 0 ? 0 : (double) refused / sent));
      refused = 0;
    }
    var server = new ServerSecond(sent + overflows, refused, overflows, lagMillis);
    return new Way(server, loss, reported > 0 || isSilent, now);
  }

  private @Nullable Quality rate(
      Slot slot, Transport transport, Map<Track, TrackArrivals> arrivals, Way way, long nowNanos) {
    Track track = slot.bound();
    if (track == null) {
      slots.remove(slot);
      return null;
    }
    TrackArrivals came = arrivals.get(track);
    Seat seat = viewer.seatOf(slot);
    int maxHeight = seat == null ? Integer.MAX_VALUE : seat.maxHeight();
    SlotReading reading = transport.sender().reading(slot, nowNanos);
    if (came == null
        || reading == null
        || track.muted()
        || track.silenced()
        || slot.isDirect()
        || slot.kind() == MediaKind.VIDEO && (slot.isPausedForCodec() || maxHeight == 0)) {
      slots.remove(slot);
      return null;
    }
    SlotSeconds state = slots.get(slot);
    if (state == null || state.generation != slot.generation() || state.track != track) {
      state = new SlotSeconds(slot.generation(), track, reading.nacks());
      slots.put(slot, state);
    }
    int nacks = state.nacks(reading.nacks());
    Layer layer = layer(slot, track);
    PublisherSecond publisher =
        layer == null ? null : came.second(layer, waitMillis(slot, track, nowNanos), maxHeight);
    state.seconds++;
    if (layer == null || publisher == null || !came.isRated() || state.seconds <= YOUNG_SECONDS) {
      return null;
    }
    double lost = fractionLost(publisher, came.lateLoss(layer), way, reading);
    ViewerSecond seen = viewerSecond(slot, lost, nacks, way, reading, nowNanos);
    ServerSecond server = viewer.shares().share(slot).shed() ? SHED : way.server();
    Quality quality = QualityScore.of(publisher, server, seen, state.lately);
    state.note(quality);
    return quality;
  }

  /// The layer by which it is told how the track comes in: what goes out, or is to.
  private static @Nullable Layer layer(Slot slot, Track track) {
    Layer forwarded = slot.forwarded();
    if (forwarded != null && forwarded.track() == track) {
      return forwarded;
    }
    Layer target = slot.target();
    if (target != null) {
      return target;
    }
    return track.layers().isEmpty() ? null : track.layers().getFirst();
  }

  /// How long a slot that shows nothing of the track has been waiting for its key frame.
  private static int waitMillis(Slot slot, Track track, long nowNanos) {
    Layer forwarded = slot.forwarded();
    Layer target = slot.target();
    boolean isShown = forwarded != null && forwarded.track() == track;
    return slot.kind() == MediaKind.AUDIO || isShown || target == null
        ? 0
        : (int) Math.min(1_000, target.keyFrames().waitedNanos(nowNanos) / MILLI);
  }

  /// Of what the publisher sent. Feedback tells of our packets, reports of the publisher's too, and
  /// maybe of those of the second before.
  private static double fractionLost(
      PublisherSecond publisher, double lateLoss, Way way, SlotReading reading) {
    double before = publisher.lossAfterRepair() + way.server().dropped();
    if (way.isTold()) {
      return before + way.loss();
    }
    double reported =
        reading.reportAgeNanos() <= FRESH_REPORT_NANOS
            ? Math.max(0, reading.fractionLost() - Math.max(before, lateLoss))
            : 0;
    return before + reported + way.loss();
  }

  private ViewerSecond viewerSecond(
      Slot slot, double lost, int nacks, Way way, SlotReading reading, long nowNanos) {
    boolean isVideo = slot.kind() == MediaKind.VIDEO;
    Shares.Share share = viewer.shares().share(slot);
    Playback.Shown shown = viewer.shown(slot.mid(), nowNanos);
    int least = slot.isStarved() ? 1 : 0;
    int wanted = share.shed() ? 0 : Math.max(least, share.wantedHeight());
    return new ViewerSecond(
        lost,
        reading.jitterNanos() / 1e6,
        Math.max(0, way.now().roundTripNanos()) / 1e6,
        nacks,
        isVideo ? wanted : 0,
        isVideo ? givenHeight(slot, wanted) : 0,
        isVideo ? share.wantedFrames() : 0,
        isVideo ? share.givenFrames() : 0,
        isVideo ? (int) (way.now().queueNanos() / MILLI) : 0,
        shown == null ? 0 : shown.frozenMillis(),
        shown == null ? 0 : shown.received(),
        shown == null ? 0 : shown.shown());
  }

  /// What is not paused, but of unknown height, is not held against the network.
  private static int givenHeight(Slot slot, int wanted) {
    int given = slot.targetHeight();
    return slot.isStarved() || given > 0 ? given : wanted;
  }

  private static int difference(long now, long before) {
    return Math.clamp(now - before, 0, Integer.MAX_VALUE);
  }
}
