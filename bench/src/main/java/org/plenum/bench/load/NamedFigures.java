package org.plenum.bench.load;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The figures of a result that can be required, by their names.
final class NamedFigures {
  /// Before the names of those that are measured only if the server's process is known.
  static final String SERVER = "server.";

  /// Before the names of those that are measured by browsers.
  static final String BROWSER = "browser.";

  private static final Map<String, Function<LoadResult, @Nullable Double>> ALL = all();

  private NamedFigures() {}

  static Set<String> names() {
    return ALL.keySet();
  }

  /// Returns null if the run could not measure it.
  ///
  /// @param name one of [#names]
  static @Nullable Double of(LoadResult result, String name) {
    return Objects.requireNonNull(ALL.get(name), name).apply(result);
  }

  private static Map<String, Function<LoadResult, @Nullable Double>> all() {
    Map<String, Function<LoadResult, @Nullable Double>> all = new LinkedHashMap<>();
    all.put("delivered", r -> r.details().expected() == 0 ? null : (Double) r.deliveredPercent());
    all.put("packets", LoadResult::egressPacketsPerSecond);
    all.put("clients", r -> (double) r.clients());
    all.put("missing", r -> (double) r.details().missing());
    all.put("recovered", r -> (double) r.details().recovered());
    delays(all, "delay", r -> r.details().delivered() == 0 ? null : r.delayMillis());
    delays(all, "join", LoadResult::joinMillis);
    delays(all, "lateness", LoadResult::sendLatenessMillis);
    server(all, "cpu", LoadResult.Server::cpuMicrosPerPacket);
    server(all, "busy", LoadResult.Server::cpuBusyPercent);
    server(all, "workers.cpu", LoadResult.Server::workerCpuMicrosPerPacket);
    server(all, "workers.busy", LoadResult.Server::workerBusyPercent);
    server(all, "rss", LoadResult.Server::rssMiB);
    server(all, "threads", server -> (double) server.threads());
    server(all, "descriptors", server -> (double) server.descriptors());
    browsers(all, "fps", LoadResult.Browsers::framesPerSecond);
    browsers(all, "freezes", browsers -> (double) browsers.freezes());
    browsers(all, "frozen", LoadResult.Browsers::frozenSeconds);
    browsers(all, "first", LoadResult.Browsers::firstFrameMillis);
    all.put("load.cpu", r -> r.load().cpuMicrosPerPacket());
    all.put("load.busy", r -> r.load().loopBusyPercent());
    all.put("load.overflow", r -> (double) r.load().receiveOverflow());
    return all;
  }

  private static void delays(
      Map<String, Function<LoadResult, @Nullable Double>> all,
      String name,
      Function<LoadResult, LoadResult.@Nullable Delays> delays) {
    Map<String, Function<LoadResult.Delays, Double>> percentiles = new LinkedHashMap<>();
    percentiles.put("p50", LoadResult.Delays::p50);
    percentiles.put("p99", LoadResult.Delays::p99);
    percentiles.put("p999", LoadResult.Delays::p999);
    percentiles.put("max", LoadResult.Delays::max);
    percentiles.forEach(
        (percentile, of) ->
            all.put(
                name + "." + percentile,
                result -> {
                  LoadResult.Delays measured = delays.apply(result);
                  return measured == null ? null : of.apply(measured);
                }));
  }

  private static void browsers(
      Map<String, Function<LoadResult, @Nullable Double>> all,
      String name,
      Function<LoadResult.Browsers, Double> of) {
    all.put(
        BROWSER + name,
        result -> {
          LoadResult.Browsers browsers = result.browsers();
          return browsers == null ? null : of.apply(browsers);
        });
  }

  private static void server(
      Map<String, Function<LoadResult, @Nullable Double>> all,
      String name,
      Function<LoadResult.Server, Double> of) {
    all.put(
        SERVER + name,
        result -> {
          LoadResult.Server server = result.server();
          return server == null ? null : of.apply(server);
        });
  }
}
