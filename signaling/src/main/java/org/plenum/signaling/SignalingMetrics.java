package org.plenum.signaling;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.plenum.metrics.HistogramFamily;
import org.plenum.metrics.HistogramFamily.Point;
import org.plenum.signaling.session.JoinPhase;
import org.plenum.signaling.session.Signaling;
import org.plenum.signaling.session.SignalingCounter;

/// Shows what signaling counts as meters named `plenum.signaling.…`.
final class SignalingMetrics implements MeterBinder {
  private final Signaling signaling;

  SignalingMetrics(Signaling signaling) {
    this.signaling = signaling;
  }

  /// How long joins take, by part.
  HistogramFamily joins() {
    return new HistogramFamily(
        "plenum.join.seconds",
        "How long each part of a join took",
        JoinPhase.boundsSeconds(),
        1e9,
        () -> Arrays.stream(JoinPhase.values()).map(this::join).toList());
  }

  private Point join(JoinPhase phase) {
    String label = phase.name().toLowerCase(Locale.ROOT);
    return Point.sum(Labels.of("phase", label), List.of(signaling.counters().join(phase)));
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("plenum.signaling.sessions", signaling, Signaling::sessionCount)
        .description("Sessions at this moment, those that wait for their client included")
        .register(registry);
    Gauge.builder("plenum.draining", signaling, present -> present.isDraining() ? 1 : 0)
        .description("1 while the server lets its rooms end before it stops")
        .register(registry);
    for (SignalingCounter counter : SignalingCounter.values()) {
      String reason = counter.refusal();
      FunctionCounter.Builder<Signaling> meter =
          FunctionCounter.builder(
              reason == null ? "plenum.signaling." + counter.metric() : "plenum.refused",
              signaling,
              present -> present.counters().value(counter));
      if (reason == null) {
        meter.description(counter.help());
      } else {
        meter.tag("reason", reason).description("What was refused, by the limit or rule it met");
      }
      meter.register(registry);
    }
  }
}
