package org.plenum.helm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// An upgrade from any values to any others leaves the ports that the new ones say. Helm sends the
/// difference as a strategic merge patch, which takes ports of one number for the same.
class PortMergeTest {
  /// UDP and TCP of one number, so in a Service that never was another.
  private static final String ONE_PORT =
      "network: {shape: service, advertised: [203.0.113.7], outsidePort: 443, tcp: {outsidePort: 443},"
          + " onePort: {enabled: true, tlsSecret: plenum-tls}}";

  private static final List<String> VALUES =
      List.of(
          "{}",
          "network: {tcp: {enabled: false}}",
          "network: {workers: 3}",
          "network: {workers: 3, tcp: {enabled: false}}",
          "network: {outsidePort: 443, tcp: {outsidePort: 443}}",
          "network: {port: 443, tcp: {port: 444}}",
          "network: {shape: hostNetwork, tcp: {port: 443}}",
          "network: {shape: service, service: {type: NodePort}}",
          "network: {shape: service, service: {type: NodePort, tcpNodePort: 31443}}",
          "network: {shape: service, service: {type: NodePort}, tcp: {enabled: false}}",
          "network: {shape: service, advertised: [203.0.113.7]}",
          "network: {shape: service, advertised: [203.0.113.7], tcp: {enabled: false}}",
          "network: {shape: service, advertised: [203.0.113.7], outsidePort: 3478, tcp: {outsidePort: 443}}",
          "network: {shape: service, advertised: [203.0.113.7], workers: 4, port: 4440, tcp: {port: 4444}}",
          "{network: {relayPorts: {from: 31000, to: 31003}}, config: {turn: {own: true}}}",
          "{network: {shape: service, advertised: [203.0.113.7], relayPorts: {from: 31000, to: 31001}},"
              + " config: {turn: {own: true}}}",
          ONE_PORT);

  /// @param number what Kubernetes takes for the identity
  private record Port(int number, String protocol, String name) {}

  @Test
  void leavesThePortsOfTheNewValues() {
    for (Function<Manifests, List<Port>> ports :
        List.<Function<Manifests, List<Port>>>of(
            PortMergeTest::ofTheContainer, PortMergeTest::ofTheService)) {
      List<List<Port>> all =
          VALUES.stream()
              .map(each -> ports.apply(Chart.manifests("auth: {open: true}", each)))
              .toList();
      for (int from = 0; from < all.size(); from++) {
        for (int to = 0; to < all.size(); to++) {
          String pair = VALUES.get(from) + " → " + VALUES.get(to);
          List<Port> merged = merge(all.get(from), all.get(to));
          assertEquals(set(all.get(to)), set(merged), pair);
        }
      }
    }
  }

  /// What happened where UDP and TCP had one number: whoever switched TCP on lost UDP.
  @Test
  void wouldHaveDroppedUdp() {
    Port udp = new Port(10_000, "UDP", "media-0");
    Port tcp = new Port(10_000, "TCP", "ice-tcp");
    assertNotEquals(set(List.of(udp, tcp)), set(merge(List.of(udp), List.of(udp, tcp))));
  }

  /// As apimachinery's strategicpatch: compares the lists sorted by number, then applies the
  /// difference to the first of each number.
  private static List<Port> merge(List<Port> old, List<Port> wanted) {
    List<Port> before = sorted(old);
    List<Port> after = sorted(wanted);
    List<Port> put = new ArrayList<>();
    List<Integer> deleted = new ArrayList<>();
    int a = 0;
    int b = 0;
    while (a < before.size() || b < after.size()) {
      int left = a < before.size() ? before.get(a).number() : Integer.MAX_VALUE;
      int right = b < after.size() ? after.get(b).number() : Integer.MAX_VALUE;
      if (left == right) {
        if (!before.get(a).equals(after.get(b))) {
          put.add(after.get(b));
        }
        a++;
        b++;
      } else if (left < right) {
        deleted.add(left);
        a++;
      } else {
        put.add(after.get(b));
        b++;
      }
    }
    List<Port> live = new ArrayList<>(old);
    live.removeIf(port -> deleted.contains(port.number()));
    for (Port port : put) {
      int at =
          IntStream.range(0, live.size())
              .filter(i -> live.get(i).number() == port.number())
              .findFirst()
              .orElse(live.size());
      if (at < live.size()) {
        live.set(at, port);
      } else {
        live.add(port);
      }
    }
    return live;
  }

  private static List<Port> sorted(List<Port> ports) {
    return ports.stream().sorted(Comparator.comparingInt(Port::number)).toList();
  }

  private static Set<String> set(List<Port> ports) {
    Set<String> all = new TreeSet<>();
    ports.forEach(port -> all.add(port.toString()));
    return all;
  }

  private static List<Port> ofTheContainer(Manifests manifests) {
    var pod = manifests.the(StatefulSet.class).getSpec().getTemplate().getSpec();
    List<ContainerPort> ports = pod.getContainers().getFirst().getPorts();
    return ports.stream()
        .map(port -> new Port(port.getContainerPort(), port.getProtocol(), port.getName()))
        .toList();
  }

  /// None where there is no Service for media.
  private static List<Port> ofTheService(Manifests manifests) {
    List<Port> all = new ArrayList<>();
    for (Service service : manifests.each(Service.class)) {
      if (service.getMetadata().getName().equals("plenum-media")) {
        for (ServicePort port : service.getSpec().getPorts()) {
          all.add(new Port(port.getPort(), port.getProtocol(), port.getName()));
        }
      }
    }
    return all;
  }
}
