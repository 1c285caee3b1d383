package org.plenum.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// All meters of a server, in the format of Prometheus.
public final class Metrics implements AutoCloseable {
  /// Prometheus' own text format.
  public static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

  public static final String OPEN_METRICS =
      "application/openmetrics-text; version=1.0.0; charset=utf-8";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics garbage = new JvmGcMetrics();

  /// Meters refer weakly to what they show: these keep it.
  private final List<MeterBinder> bound = new CopyOnWriteArrayList<>();

  public Metrics() {
    new ClassLoaderMetrics().bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    garbage.bindTo(registry);
  }

  public void bind(MeterBinder binder) {
    bound.add(binder);
    binder.bindTo(registry);
  }

  /// Shows a histogram that somebody else keeps.
  public void show(HistogramFamily histogram) {
    registry.getPrometheusRegistry().register(histogram);
  }

  public MeterRegistry registry() {
    return registry;
  }

  /// The format that a scraper's Accept header asks for: OpenMetrics if it names it, else text.
  public static String contentType(@Nullable String accept) {
    return accept != null && accept.contains("application/openmetrics-text") ? OPEN_METRICS : TEXT;
  }

  /// @param contentType [#TEXT] or [#OPEN_METRICS]
  public String scrape(String contentType) {
    return registry.scrape(contentType);
  }

  @Override
  public void close() {
    garbage.close();
    registry.close();
  }
}
