package org.plenum.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.plenum.ice.port.MediaPortCounters;
import org.plenum.metrics.HistogramFamily.Point;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.EgressVerdict;
import org.plenum.sfu.IngressVerdict;
import org.plenum.sfu.ParticipantDetails.PathKind;
import org.plenum.sfu.SfuCounter;
import org.plenum.sfu.SfuHistogram;
import org.plenum.sfu.counters.Histogram;
import org.plenum.sfu.counters.QualityTally;
import org.plenum.sfu.counters.WorkerCounters;
import org.plenum.sfu.dtls.DtlsFailure;
import org.plenum.sfu.embed.SfuCounters;
import org.plenum.sfu.quality.QualityCause;

/// Shows the SFU's counters as meters named `plenum.…`; they are summed when somebody looks.
public final class SfuMetrics implements MeterBinder {
  private final SfuCounters counters;

  public SfuMetrics(SfuCounters counters) {
    this.counters = counters;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    verdicts(registry);
    for (SfuCounter counter : SfuCounter.values()) {
      counter(registry, counter.metric(), counter.help(), sfu -> sfu.value(counter));
    }
    for (MediaPortCounters.Counter counter : MediaPortCounters.Counter.values()) {
      String name = "media.port." + label(counter).replace('_', '.');
      counter(registry, name, "At the media ports, all workers", sfu -> sfu.value(counter));
    }
    for (WorkerCounters.Gauge gauge : WorkerCounters.Gauge.values()) {
      Gauge.builder("plenum." + label(gauge), counters, sfu -> sfu.value(gauge))
          .description("At this moment, all workers")
          .register(registry);
    }
    media(registry);
    handshakes(registry);
    for (int i = 0; i < counters.workers().size(); i++) {
      Gauge.builder(
              "plenum.worker.load.step",
              counters.workers().get(i),
              worker -> worker.loadStep().ordinal())
          .tag("worker", Integer.toString(i))
          .description(
              "What the worker leaves undone: 1 new rooms, 2 new participants, 3 largest pictures,"
                  + " 4 all but one picture, 5 all pictures; 0 nothing")
          .register(registry);
      FunctionCounter.builder(
              "plenum.worker.busy", counters.workers().get(i), worker -> worker.busyNanos() / 1e9)
          .baseUnit("seconds")
          .tag("worker", Integer.toString(i))
          .description("Time that the worker was at work instead of waiting; its rate is its load")
          .register(registry);
    }
  }

  /// The histograms, which Micrometer cannot take.
  public List<HistogramFamily> histograms() {
    return Stream.concat(
            Arrays.stream(SfuHistogram.values()).map(this::histogram), Stream.of(quality()))
        .toList();
  }

  /// By cause, never by participant.
  private HistogramFamily quality() {
    return new HistogramFamily(
        "plenum.quality.score",
        "How good each second of a track was at a viewer, 0 to 100, by whose fault it was",
        QualityTally.BOUNDS.stream().map(Long::doubleValue).toList(),
        1,
        () -> Arrays.stream(QualityCause.values()).map(this::seconds).toList());
  }

  private Point seconds(QualityCause cause) {
    return Point.sum(
        Labels.of("cause", cause.label()),
        counters.workers().stream().map(worker -> worker.quality().scores(cause)).toList());
  }

  private HistogramFamily histogram(SfuHistogram histogram) {
    return new HistogramFamily(
        "plenum." + histogram.metric(),
        histogram.help(),
        Arrays.stream(histogram.bounds()).boxed().toList(),
        histogram.scale(),
        histogram == SfuHistogram.WORKER_LAG
            ? () -> eachWorker(histogram)
            : () -> List.of(Point.sum(Labels.EMPTY, kept(histogram))));
  }

  private List<Point> eachWorker(SfuHistogram histogram) {
    List<Histogram> kept = kept(histogram);
    return IntStream.range(0, kept.size())
        .mapToObj(i -> Point.sum(Labels.of("worker", Integer.toString(i)), List.of(kept.get(i))))
        .toList();
  }

  private List<Histogram> kept(SfuHistogram histogram) {
    return counters.workers().stream().map(worker -> worker.histogram(histogram)).toList();
  }

  private void verdicts(MeterRegistry registry) {
    for (IngressVerdict verdict : IngressVerdict.values()) {
      FunctionCounter.builder("plenum.ingress.datagrams", counters, sfu -> sfu.value(verdict))
          .tag("verdict", label(verdict))
          .description("Datagrams received, by what became of each")
          .register(registry);
    }
    for (EgressVerdict verdict : EgressVerdict.values()) {
      FunctionCounter.builder("plenum.egress.packets", counters, sfu -> sfu.value(verdict))
          .tag("verdict", label(verdict))
          .description("Packets at bound slots, by what became of each")
          .register(registry);
    }
  }

  private void media(MeterRegistry registry) {
    for (CodecName codec : CodecName.values()) {
      bytes(registry, "in", codec, sfu -> sfu.receivedBytes(codec));
      bytes(registry, "out", codec, sfu -> sfu.sentBytes(codec));
    }
    for (PathKind path : PathKind.values()) {
      Gauge.builder("plenum.clients", counters, sfu -> sfu.value(path))
          .tag("path", label(path))
          .description(
              "Connected transports, by over what their media comes; relay: ours, or as they say")
          .register(registry);
    }
  }

  private void bytes(
      MeterRegistry registry,
      String direction,
      CodecName codec,
      ToDoubleFunction<SfuCounters> value) {
    FunctionCounter.builder("plenum.media", counters, value)
        .baseUnit("bytes")
        .tag("direction", direction)
        .tag("kind", label(codec.kind()))
        .tag("codec", label(codec))
        .description("RTP datagrams, what was sent again included and padding left out")
        .register(registry);
  }

  private void handshakes(MeterRegistry registry) {
    counter(
        registry, "dtls.handshakes.started", "DTLS handshakes begun", sfu -> sfu.dtls().started());
    counter(
        registry,
        "dtls.handshakes.completed",
        "DTLS handshakes completed",
        sfu -> sfu.dtls().completed());
    counter(
        registry,
        "dtls.handshakes.abandoned",
        "DTLS handshakes that either side closed before they were complete",
        sfu -> sfu.dtls().abandoned());
    counter(
        registry,
        "dtls.datagrams.dropped",
        "DTLS datagrams that a session did not read in time",
        sfu -> sfu.dtls().droppedDatagrams());
    for (DtlsFailure reason : DtlsFailure.values()) {
      FunctionCounter.builder(
              "plenum.dtls.handshakes.failed", counters, sfu -> sfu.dtls().failed(reason))
          .tag("reason", label(reason))
          .description("DTLS handshakes that failed, by reason")
          .register(registry);
    }
  }

  private void counter(
      MeterRegistry registry, String name, String help, ToDoubleFunction<SfuCounters> value) {
    FunctionCounter.builder("plenum." + name, counters, value).description(help).register(registry);
  }

  /// Metric labels are the constants' names in lower case.
  static String label(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
