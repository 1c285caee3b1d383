package org.plenum.signaling;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.plenum.signaling.whip.Whip;
import org.plenum.signaling.whip.WhipProtocol;
import org.plenum.signaling.whip.WhipStatus;

/// Shows sessions and requests of WHIP and WHEP as meters named `plenum.whip.…`.
final class WhipMetrics implements MeterBinder {
  private final Whip whip;

  WhipMetrics(Whip whip) {
    this.whip = whip;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    for (WhipProtocol protocol : WhipProtocol.values()) {
      Gauge.builder("plenum.whip.sessions", whip, present -> present.sessionCount(protocol))
          .tag("protocol", protocol.label())
          .description("Sessions of WHIP and WHEP at this moment")
          .register(registry);
      for (WhipStatus status : WhipStatus.values()) {
        FunctionCounter.builder(
                "plenum.whip.requests",
                whip,
                present -> present.counters().requests(protocol, status))
            .tag("protocol", protocol.label())
            .tag("status", Integer.toString(status.code()))
            .description("Requests of WHIP and WHEP by the status that answered them")
            .register(registry);
      }
    }
  }
}
