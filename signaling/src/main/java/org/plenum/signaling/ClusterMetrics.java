package org.plenum.signaling;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToDoubleFunction;
import org.plenum.cluster.Cluster;
import org.plenum.signaling.nodes.Nodes;

/// Shows the cluster as this node sees it, as meters named `plenum.cluster.…`.
record ClusterMetrics(Cluster cluster, Nodes nodes) implements MeterBinder {
  @Override
  public void bindTo(MeterRegistry registry) {
    gauge(registry, "size", "Nodes that this one sees, itself included", Cluster::size);
    gauge(
        registry,
        "quorum",
        "1 while this node sees enough others to open rooms, else 0",
        node -> node.hasQuorum() ? 1 : 0);
    gauge(
        registry,
        "streams",
        "WebSockets that are carried between this node and others",
        node -> node.links().streams());
    gauge(
        registry,
        "requests.waiting",
        "Requests to other nodes that wait for an answer",
        node -> node.links().waiting());
    counter(registry, "view.changes", "Times that the nodes changed", Cluster::viewChanges);
    counter(
        registry,
        "refused.nodes",
        "Connections refused because the other side has another secret",
        Cluster::refusals);
    counter(
        registry,
        "link.errors",
        "Frames between nodes that could not be sent, or were of no use",
        node -> node.links().errors());
    FunctionCounter.builder("plenum.cluster.rooms.moved", nodes, Nodes::moved)
        .description("Rooms that this node handed to others")
        .register(registry);
    FunctionCounter.builder("plenum.cluster.rooms.lost", nodes, Nodes::lost)
        .description("Rooms that other nodes took while this one was cut off or hung")
        .register(registry);
  }

  private void gauge(
      MeterRegistry registry, String name, String help, ToDoubleFunction<Cluster> value) {
    Gauge.builder("plenum.cluster." + name, cluster, value).description(help).register(registry);
  }

  private void counter(
      MeterRegistry registry, String name, String help, ToDoubleFunction<Cluster> value) {
    FunctionCounter.builder("plenum.cluster." + name, cluster, value)
        .description(help)
        .register(registry);
  }
}
