package org.plenum.helm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What holds for every combination of values that the chart takes.
class ChartMatrixTest {
  private static final List<String> SHAPES =
      List.of(
          "network: {shape: hostNetwork}",
          "network: {shape: hostPort}",
          "network: {shape: hostPort, advertised: [203.0.113.7]}",
          "network: {shape: service, service: {type: NodePort}}",
          "network: {shape: service, service: {type: NodePort}, advertised: ['2001:db8::7']}",
          "network: {shape: service, advertised: [203.0.113.7]}");
  private static final List<String> WORKERS =
      List.of("network: {workers: 1}", "network: {workers: 3}");
  private static final List<String> TCP =
      List.of("network: {tcp: {enabled: true}}", "network: {tcp: {enabled: false}}");
  private static final List<String> DATA =
      List.of(
          "persistence: {enabled: true}",
          "persistence: {enabled: false}",
          "persistence: {existingClaim: mine}");
  private static final List<String> ACCESS =
      List.of(
          "auth: {open: true}",
          "auth: {existingSecret: mine}",
          "auth: {keys: {first: 0123456789abcdef0123456789abcdef}}",
          "auth: {jwks: 'https://example.org/jwks'}");
  private static final List<String> REST = List.of("{}", Chart.values("everything"));

  /// Every shape with every number of workers, with and without TCP; the rest takes turns.
  static List<List<String>> combinations() {
    List<List<String>> all = new ArrayList<>();
    for (String shape : SHAPES) {
      for (String workers : WORKERS) {
        for (String tcp : TCP) {
          for (String rest : REST) {
            // NetworkPolicies do not see pods on the host's network, which the chart refuses.
            if (!shape.contains("hostNetwork") || rest.equals(REST.getFirst())) {
              String data = DATA.get(all.size() % DATA.size());
              String access = ACCESS.get(all.size() % ACCESS.size());
              all.add(List.of(shape, workers, tcp, data, access, rest));
            }
          }
        }
      }
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("combinations")
  void isWhatKubernetesTakes(List<String> values) {
    Manifests manifests = Chart.manifests(values.toArray(String[]::new));
    hasNamesOfItsOwn(manifests);
    opensEveryPort(manifests, values);
    isHardened(manifests);
  }

  private static void hasNamesOfItsOwn(Manifests manifests) {
    Set<String> names = new HashSet<>();
    for (HasMetadata each : manifests.all()) {
      assertTrue(names.add(each.getKind() + " " + each.getMetadata().getName()), names::toString);
      assertEquals("plenum", each.getMetadata().getLabels().get("app.kubernetes.io/instance"));
    }
  }

  private static void opensEveryPort(Manifests manifests, List<String> values) {
    int workers = values.contains(WORKERS.getFirst()) ? 1 : 3;
    boolean tcp = values.contains(TCP.getFirst());
    Container server = server(manifests);
    List<ContainerPort> media =
        server.getPorts().stream().filter(port -> port.getProtocol().equals("UDP")).toList();
    List<Integer> expected = IntStream.range(10_000, 10_000 + workers).boxed().toList();
    assertEquals(expected, media.stream().map(ContainerPort::getContainerPort).toList());
    assertEquals(
        server.getPorts().size(),
        server.getPorts().stream().map(ContainerPort::getContainerPort).distinct().count(),
        "Kubernetes merges ports by number");
    assertEquals(tcp, server.getPorts().stream().anyMatch(p -> p.getName().equals("ice-tcp")));
    List<Service> services =
        manifests.each(Service.class).stream()
            .filter(each -> each.getMetadata().getName().equals("plenum-media"))
            .toList();
    if (values.stream().anyMatch(each -> each.contains("shape: service"))) {
      List<ServicePort> ports = services.getFirst().getSpec().getPorts();
      assertEquals(workers + (tcp ? 1 : 0), ports.size());
      assertEquals("Local", services.getFirst().getSpec().getExternalTrafficPolicy());
      media.forEach(port -> assertNull(port.getHostPort()));
    } else {
      assertTrue(services.isEmpty());
      media.forEach(port -> assertEquals(port.getContainerPort(), port.getHostPort()));
    }
  }

  private static void isHardened(Manifests manifests) {
    for (PodSpec pod : pods(manifests)) {
      assertFalse(pod.getAutomountServiceAccountToken());
      assertTrue(pod.getSecurityContext().getRunAsNonRoot());
      assertEquals("RuntimeDefault", pod.getSecurityContext().getSeccompProfile().getType());
      for (Container container : pod.getContainers()) {
        var security = container.getSecurityContext();
        assertFalse(security.getAllowPrivilegeEscalation());
        assertTrue(security.getReadOnlyRootFilesystem());
        assertEquals(List.of("ALL"), security.getCapabilities().getDrop());
        assertFalse(container.getResources().getLimits().isEmpty());
      }
    }
    assertTrue(server(manifests).getSecurityContext().getCapabilities().getAdd().isEmpty());
  }

  @Test
  void isCleanByStrictLint() {
    var result = Chart.lint();
    assertFalse(result.isFailed(), () -> String.join("\n", result.getMessages()));
  }

  private static Container server(Manifests manifests) {
    return manifests
        .the(StatefulSet.class)
        .getSpec()
        .getTemplate()
        .getSpec()
        .getContainers()
        .getFirst();
  }

  private static List<PodSpec> pods(Manifests manifests) {
    return Stream.of(
            manifests.each(StatefulSet.class).stream()
                .map(s -> s.getSpec().getTemplate().getSpec()),
            manifests.each(Deployment.class).stream().map(d -> d.getSpec().getTemplate().getSpec()),
            manifests.each(Pod.class).stream().map(Pod::getSpec))
        .flatMap(each -> each)
        .toList();
  }
}
