package org.plenum.signaling;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.plenum.signaling.session.Signaling;
import org.plenum.signaling.session.SignalingCounter;

/// Shows what signaling counts as meters named `plenum.signaling.…`.
final class SignalingMetrics implements MeterBinder {
  private final Signaling signaling;

  SignalingMetrics(Signaling signaling) {
    this.signaling = signaling;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("plenum.signaling.sessions", signaling, Signaling::sessionCount)
        .description("Sessions at this moment, those that wait for their client included")
        .register(registry);
    for (SignalingCounter counter : SignalingCounter.values()) {
      FunctionCounter.builder(
              "plenum.signaling." + counter.metric(),
              signaling,
              present -> present.counters().value(counter))
          .description(counter.help())
          .register(registry);
    }
  }
}
