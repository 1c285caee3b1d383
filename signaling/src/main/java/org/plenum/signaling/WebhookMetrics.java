package org.plenum.signaling;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToDoubleFunction;
import org.plenum.signaling.webhook.Delivery;
import org.plenum.signaling.webhook.Webhooks;

/// Shows what webhooks count as meters named `plenum.events.…` and `plenum.webhooks.…`.
final class WebhookMetrics implements MeterBinder {
  private final Webhooks webhooks;

  WebhookMetrics(Webhooks webhooks) {
    this.webhooks = webhooks;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    counter(
        registry,
        "events.dropped",
        "Events that did not get into the journal, which fell behind",
        Webhooks::dropped);
    Gauge.builder("plenum.events.unwritten", webhooks, Webhooks::unwritten)
        .description("Events that the disk did not take so far")
        .register(registry);
    counter(
        registry,
        "webhooks.delivered",
        "Events that receivers took",
        all -> all.sum(Delivery::delivered));
    counter(
        registry,
        "webhooks.failed",
        "Attempts that failed and are made again",
        all -> all.sum(Delivery::failed));
    counter(
        registry,
        "webhooks.missed",
        "Times that the journal forgot events before a receiver took them",
        all -> all.sum(Delivery::missed));
  }

  private void counter(
      MeterRegistry registry, String name, String help, ToDoubleFunction<Webhooks> value) {
    FunctionCounter.builder("plenum." + name, webhooks, value).description(help).register(registry);
  }
}
