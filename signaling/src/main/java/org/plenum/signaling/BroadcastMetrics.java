package org.plenum.signaling;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.plenum.broadcast.live.Broadcasts;
import org.plenum.broadcast.live.DvrStore;
import org.plenum.broadcast.live.LiveCounters;
import org.plenum.broadcast.live.Recordings;

/// Shows broadcasts and recordings as meters named `plenum.live.…`, `plenum.broadcasts` and
/// `plenum.recordings`.
final class BroadcastMetrics implements MeterBinder {
  private final Broadcasts broadcasts;
  private final @Nullable Recordings recordings;

  /// @param recordings null: this server keeps none
  BroadcastMetrics(Broadcasts broadcasts, @Nullable Recordings recordings) {
    this.broadcasts = broadcasts;
    this.recordings = recordings;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("plenum.broadcasts", broadcasts, Broadcasts::count)
        .description("Rooms that are broadcast")
        .register(registry);
    Gauge.builder("plenum.live.blocked.requests", broadcasts, Broadcasts::blocked)
        .description("Requests that wait for a playlist or a part of a segment")
        .register(registry);
    if (recordings != null) {
      Gauge.builder("plenum.recordings", recordings, Recordings::count)
          .description("Rooms that the server records")
          .register(registry);
    }
    DvrStore store = broadcasts.store();
    if (store != null) {
      Gauge.builder("plenum.live.dvr.bytes", store, DvrStore::bytes)
          .description("Bytes on the disk that viewers of broadcasts can go back to")
          .register(registry);
      FunctionCounter.builder("plenum.live.dvr.failures", store, DvrStore::failures)
          .description("Broadcasts whose viewers cannot go back any more because of the disk")
          .register(registry);
    }
    counter(registry, "segments", "Segments of the smallest picture", LiveCounters::segments);
    counter(registry, "segment.seconds", "Length of these segments", LiveCounters::segmentSeconds);
    counter(
        registry,
        "boundary.jitter.seconds",
        "By how much these segments ended off the grid, together",
        LiveCounters::offGridSeconds);
    counter(registry, "discontinuities", "Changes of what is shown", LiveCounters::discontinuities);
    counter(
        registry,
        "lost.pictures",
        "Pictures that could not be put together, until a key frame came",
        LiveCounters::lostPictures);
    counter(
        registry,
        "mixer.seconds",
        "Time that decoding, mixing and encoding sound took",
        LiveCounters::mixerSeconds);
    requests(registry, "playlist", LiveCounters::playlists);
    requests(registry, "media", LiveCounters::media);
    requests(registry, "missing", LiveCounters::missing);
    counter(registry, "bytes", "Bytes of what was answered", LiveCounters::bytes);
  }

  private void requests(MeterRegistry registry, String file, ToDoubleFunction<LiveCounters> value) {
    FunctionCounter.builder("plenum.live.requests", broadcasts.counters(), value)
        .description("Requests below /live, by what was asked for")
        .tag("file", file)
        .register(registry);
  }

  private void counter(
      MeterRegistry registry, String name, String help, ToDoubleFunction<LiveCounters> value) {
    FunctionCounter.builder("plenum.live." + name, broadcasts.counters(), value)
        .description(help)
        .register(registry);
  }
}
