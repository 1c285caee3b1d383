package org.plenum.signaling;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.plenum.signaling.relay.TurnProbe;

/// Shows whether the TURN server gives relays, as meters named `plenum.turn.…`.
final class TurnMetrics implements MeterBinder {
  private final TurnProbe probe;

  TurnMetrics(TurnProbe probe) {
    this.probe = probe;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    FunctionCounter.builder("plenum.turn.probes", probe, TurnProbe::asked)
        .description("Times that the TURN server was asked for a relay to see whether it gives any")
        .register(registry);
    FunctionCounter.builder("plenum.turn.probes.failed", probe, TurnProbe::failed)
        .description("Times that it gave none")
        .register(registry);
  }
}
