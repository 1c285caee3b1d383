package org.plenum.helm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What single values do.
class ChartTest {
  private static final String OPEN = "auth: {open: true}";
  private static final String PROXIES = "config: {http: {trusted-proxies: [10.244.0.0/16]}}";

  @Test
  void hasOnePodThatHasTimeToDrain() {
    var spec = Chart.manifests(OPEN, "drain: {seconds: 120}").the(StatefulSet.class).getSpec();
    assertEquals(1, spec.getReplicas());
    assertEquals(150, spec.getTemplate().getSpec().getTerminationGracePeriodSeconds());
  }

  @Test
  void tellsTheServerWhenToStopDraining() throws IOException {
    assertEquals(120, config(OPEN, "drain: {seconds: 120}").at("/drain/seconds").asInt());
  }

  @Test
  void lettingTheOnlyPodGoIsNoBudget() {
    var budget =
        Chart.manifests(OPEN, "podDisruptionBudget: {enabled: true}")
            .the(PodDisruptionBudget.class)
            .getSpec();
    assertEquals(0, budget.getMaxUnavailable().getIntVal());
    assertEquals("AlwaysAllow", budget.getUnhealthyPodEvictionPolicy());
    assertTrue(Chart.manifests(OPEN).each(PodDisruptionBudget.class).isEmpty());
  }

  @Test
  void leavesAPodMinutesToStartOnABusyNode() {
    var probe = server(Chart.manifests(OPEN)).getStartupProbe();
    assertTrue(probe.getPeriodSeconds() * probe.getFailureThreshold() >= 300);
    assertTrue(probe.getTimeoutSeconds() >= 5);
  }

  /// So that it changes with the Secret, which the environment of a process does not.
  @Test
  void mountsTheKeysOfTokens() throws IOException {
    Manifests manifests = Chart.manifests("auth: {existingSecret: mine}");
    PodSpec pod = pod(manifests);
    var volume =
        pod.getVolumes().stream().filter(v -> v.getName().equals("keys")).findFirst().orElseThrow();
    assertEquals("mine", volume.getSecret().getSecretName());
    var mount =
        server(manifests).getVolumeMounts().stream()
            .filter(m -> m.getName().equals("keys"))
            .findFirst()
            .orElseThrow();
    assertNull(mount.getSubPath());
    String file = mount.getMountPath() + "/" + volume.getSecret().getItems().getFirst().getPath();
    assertEquals(file, config("auth: {existingSecret: mine}").at("/auth/keys-file").asText());
    assertTrue(
        pod(Chart.manifests(OPEN)).getVolumes().stream().noneMatch(v -> v.getSecret() != null));
  }

  @Test
  void hasItsRelaysAlertsAndRunbookUnderItsOwnName() {
    String values =
        "{podMonitor: {enabled: true}, prometheusRule: {enabled: true, runbookUrl: 'https://a.org/r/'}}";
    Manifests manifests = Chart.manifests(OPEN, values, "fullnameOverride: meetings");
    var endpoint = manifests.the(PodMonitor.class).getSpec().getPodMetricsEndpoints().getFirst();
    var relabeling = endpoint.getRelabelings().getFirst();
    assertEquals("job", relabeling.getTargetLabel());
    assertEquals("calls/meetings", relabeling.getReplacement());
    var groups = manifests.the(PrometheusRule.class).getSpec().getGroups();
    var down = groups.getFirst().getRules().getFirst();
    assertEquals(
        "up{job=\"calls/meetings\"} == 0 or absent(up{job=\"calls/meetings\"})",
        down.getExpr().getStrVal());
    for (var rule : groups.getFirst().getRules()) {
      assertEquals(
          "https://a.org/r#" + rule.getAlert().toLowerCase(Locale.ROOT),
          rule.getAnnotations().get("runbook_url"));
    }
    Manifests service =
        Chart.manifests(OPEN, "{serviceMonitor: {enabled: true}, prometheusRule: {enabled: true}}");
    assertEquals(
        "calls/plenum",
        service
            .the(ServiceMonitor.class)
            .getSpec()
            .getEndpoints()
            .getFirst()
            .getRelabelings()
            .getFirst()
            .getReplacement());
    assertNull(
        service
            .the(PrometheusRule.class)
            .getSpec()
            .getGroups()
            .getFirst()
            .getRules()
            .getFirst()
            .getAnnotations()
            .get("runbook_url"));
  }

  @Test
  void hasPortsOutsideOfTheirOwn() throws IOException {
    String ports = "network: {port: 10000, outsidePort: 443, tcp: {port: 4443, outsidePort: 443}}";
    Container server = server(Chart.manifests(OPEN, ports));
    assertEquals(
        List.of("10000 443", "4443 443"),
        server.getPorts().stream()
            .filter(port -> port.getHostPort() != null)
            .map(port -> port.getContainerPort() + " " + port.getHostPort())
            .toList());
    assertEquals(443, config(OPEN, ports).at("/media/advertised-port").asInt());
    assertEquals(443, config(OPEN, ports).at("/media/tcp/advertised-port").asInt());
    String balancer =
        "network: {shape: service, advertised: [lb.example.org], outsidePort: 3478, tcp: {outsidePort: 443}}";
    Manifests manifests = Chart.manifests(OPEN, balancer);
    assertEquals(
        List.of("3478 media-0", "443 ice-tcp"),
        manifests.named(Service.class, "plenum-media").getSpec().getPorts().stream()
            .map(port -> port.getPort() + " " + port.getTargetPort().getStrVal())
            .toList());
    assertEquals("[\"lb.example.org\"]", config(OPEN, balancer).at("/media/advertised").toString());
  }

  @Test
  void tellsTheServerThatTcpIsNotMovedWithUdp() throws IOException {
    JsonNode media = config(OPEN, "network: {outsidePort: 20000}").path("media");
    assertEquals(20_000, media.path("advertised-port").asInt());
    assertEquals(4443, media.at("/tcp/advertised-port").asInt());
    assertTrue(config(OPEN).at("/media/advertised-port").isMissingNode());
    assertTrue(config(OPEN).at("/media/tcp/advertised-port").isMissingNode());
  }

  @Test
  void mayListenBelow1024InANetworkOfItsOwn() {
    var security = pod(Chart.manifests(OPEN, "network: {tcp: {port: 443}}")).getSecurityContext();
    assertEquals("net.ipv4.ip_unprivileged_port_start", security.getSysctls().getFirst().getName());
    assertTrue(pod(Chart.manifests(OPEN)).getSecurityContext().getSysctls().isEmpty());
    String node = "network: {shape: hostNetwork, port: 443}";
    assertTrue(
        pod(Chart.manifests(OPEN, node)).getSecurityContext().getSysctls().isEmpty(),
        "the node's are not a pod's to set");
  }

  @Test
  void takesMoreOfEverything() {
    String values =
        """
        podSecurityContext: {fsGroup: 7, sysctls: [{name: net.core.somaxconn, value: '1024'}]}
        network: {port: 500}
        extraVolumes: [{name: more, emptyDir: {}}]
        extraVolumeMounts: [{name: more, mountPath: /more}]
        extraContainers: [{name: beside, image: 'busybox:1'}]
        """;
    Manifests manifests = Chart.manifests(OPEN, values);
    PodSpec pod = pod(manifests);
    assertEquals(7, pod.getSecurityContext().getFsGroup());
    assertEquals(65_532, pod.getSecurityContext().getRunAsUser());
    assertEquals(2, pod.getSecurityContext().getSysctls().size());
    assertEquals("beside", pod.getContainers().getLast().getName());
    assertTrue(pod.getVolumes().stream().anyMatch(volume -> volume.getName().equals("more")));
    assertTrue(
        server(manifests).getVolumeMounts().stream()
            .anyMatch(mount -> mount.getMountPath().equals("/more")));
  }

  @Test
  void advertisesBothAddressesOfADualStackNode() {
    Manifests manifests = Chart.manifests(OPEN, "network: {ipFamilyPolicy: PreferDualStack}");
    assertEquals(
        "status.hostIPs", env(manifests, "HOST_IP").getValueFrom().getFieldRef().getFieldPath());
  }

  @Test
  void relaysByATurnServerOfOnesOwn() throws IOException {
    String values =
        """
        config: {turn: {urls: ['turn:turn.example.org:3478'], seconds: 600}}
        env: [{name: PLENUM_TURN_SECRET, valueFrom: {secretKeyRef: {name: mine, key: secret}}}]
        """;
    assertEquals("turn:turn.example.org:3478", config(OPEN, values).at("/turn/urls/0").asText());
    assertEquals(
        "mine",
        env(Chart.manifests(OPEN, values), "PLENUM_TURN_SECRET")
            .getValueFrom()
            .getSecretKeyRef()
            .getName());
  }

  @Test
  void hasARelayForEachOfItsPorts() {
    String turn = "coturn: {enabled: true, host: 203.0.113.9, secret: abc%s}";
    assertTrue(relays(turn.formatted("")).contains("--total-quota=1200"));
    List<String> few =
        relays(turn.formatted(", userQuota: 4, relayPorts: {from: 50000, to: 50009}"));
    assertTrue(
        few.containsAll(
            List.of("--user-quota=4", "--total-quota=10", "--min-port=50000", "--max-port=50009")),
        few::toString);
  }

  /// Under the same numbers everywhere, as the server says them to clients.
  @Test
  void opensThePortsOfRelaysOfDirectCalls() throws IOException {
    String own = "config: {turn: {own: true}}";
    String ports = "network: {relayPorts: {from: 49160, to: 49162}}";
    Manifests manifests = Chart.manifests(OPEN, own, ports, "networkPolicy: {enabled: true}");
    assertEquals(
        List.of("relay-49160 49160 49160", "relay-49161 49161 49161", "relay-49162 49162 49162"),
        server(manifests).getPorts().stream()
            .filter(port -> port.getName().startsWith("relay-"))
            .map(port -> port.getName() + " " + port.getContainerPort() + " " + port.getHostPort())
            .toList());
    var open =
        manifests.the(NetworkPolicy.class).getSpec().getIngress().getFirst().getPorts().getLast();
    assertEquals(49_160, open.getPort().getIntVal());
    assertEquals(49_162, open.getEndPort());
    assertEquals("UDP", open.getProtocol());
    JsonNode turn = config(OPEN, own, ports).path("turn");
    assertEquals("{\"own\":true,\"relay-ports\":\"49160-49162\"}", turn.toString());
    assertTrue(config(OPEN, own).at("/turn/relay-ports").isMissingNode());

    String nodePorts =
        "network: {shape: service, service: {type: NodePort}, relayPorts: {from: 31000, to: 31000}}";
    ServicePort last =
        Chart.manifests(OPEN, own, nodePorts)
            .named(Service.class, "plenum-media")
            .getSpec()
            .getPorts()
            .getLast();
    assertEquals(List.of(31_000, 31_000), List.of(last.getPort(), last.getNodePort()));
    assertEquals("relay-31000", last.getTargetPort().getStrVal());
    assertEquals("UDP", last.getProtocol());
  }

  private static List<String> relays(String values) {
    var deployment = Chart.manifests(OPEN, values).the(Deployment.class);
    var container = deployment.getSpec().getTemplate().getSpec().getContainers().getFirst();
    assertEquals(1, container.getPorts().size(), "Kubernetes merges ports by number");
    return container.getArgs();
  }

  @Test
  void keepsClientsApartAtAServiceOfItsOwn() {
    for (String type : List.of("NodePort", "LoadBalancer")) {
      var service =
          Chart.manifests(OPEN, "http: {service: {type: %s}}".formatted(type))
              .named(Service.class, "plenum");
      assertEquals("Local", service.getSpec().getExternalTrafficPolicy());
    }
    assertNull(
        Chart.manifests(OPEN).named(Service.class, "plenum").getSpec().getExternalTrafficPolicy());
  }

  @Test
  void asksTheManagementPortHowItIs() {
    Container server = server(Chart.manifests(OPEN));
    assertEquals("/healthz", server.getStartupProbe().getHttpGet().getPath());
    assertEquals("/healthz", server.getLivenessProbe().getHttpGet().getPath());
    assertEquals("/readyz", server.getReadinessProbe().getHttpGet().getPath());
    assertEquals("management", server.getReadinessProbe().getHttpGet().getPort().getStrVal());
  }

  @Test
  void takesTheNodesNetworkIfAsked() {
    PodSpec pod = pod(Chart.manifests(OPEN, "network: {shape: hostNetwork}"));
    assertTrue(pod.getHostNetwork());
    assertEquals("ClusterFirstWithHostNet", pod.getDnsPolicy());
    assertNull(pod(Chart.manifests(OPEN)).getHostNetwork());
  }

  @Test
  void advertisesTheNodeOfAHostPort() {
    Manifests manifests = Chart.manifests(OPEN);
    assertEquals(
        "status.hostIP", env(manifests, "HOST_IP").getValueFrom().getFieldRef().getFieldPath());
    assertEquals("$(HOST_IP)", env(manifests, "PLENUM_MEDIA_ADVERTISED").getValue());
  }

  @Test
  void advertisesTheNodePortOfANodePortService() {
    Manifests manifests =
        Chart.manifests(
            OPEN, "network: {shape: service, service: {type: NodePort, nodePort: 31000}}");
    assertEquals("$(HOST_IP)", env(manifests, "PLENUM_MEDIA_ADVERTISED").getValue());
    ServicePort last =
        manifests.named(Service.class, "plenum-media").getSpec().getPorts().getLast();
    assertEquals("ice-tcp", last.getName());
    assertEquals(31_000, last.getNodePort());
  }

  @Test
  void putsTheNodePortBehindAdvertisedAddressesThatHaveNone() throws IOException {
    String service = "network: {shape: service, service: {type: NodePort}, advertised: [%s]}";
    String addresses = "203.0.113.7, 203.0.113.8:4000, '2001:db8::7', '[2001:db8::8]:4000'";
    JsonNode media = config(OPEN, service.formatted(addresses)).path("media");
    assertEquals(4, media.path("advertised").size());
    assertEquals(30_000, media.path("advertised-port").asInt());
    assertTrue(media.at("/tcp/advertised-port").isMissingNode());
    String apart = "network: {shape: service, service: {type: NodePort, tcpNodePort: 31443}}";
    assertEquals(31_443, config(OPEN, apart).at("/media/tcp/advertised-port").asInt());
  }

  @Test
  void leavesAdvertisedAddressesOfOtherShapesAlone() throws IOException {
    String network = "network: {shape: service, advertised: [203.0.113.7, '2001:db8::7']}";
    assertEquals(
        "[\"203.0.113.7\",\"2001:db8::7\"]",
        config(OPEN, network).at("/media/advertised").toString());
  }

  @Test
  void keepsSecretsOutOfTheConfigMap() {
    String secret = "0123456789abcdef0123456789abcdef";
    String turn = "a-secret-that-both-sides-know";
    Manifests manifests =
        Chart.manifests(
            "auth: {keys: {first: %s}}".formatted(secret),
            "coturn: {enabled: true, host: 203.0.113.9, secret: %s}".formatted(turn));
    String settings = manifests.the(ConfigMap.class).getData().get("plenum.conf");
    assertFalse(settings.contains(secret) || settings.contains(turn), settings);
    assertEquals(
        "plenum-turn",
        env(manifests, "PLENUM_TURN_SECRET").getValueFrom().getSecretKeyRef().getName());
  }

  @Test
  void restartsThePodWhenItsSettingsChange() {
    assertFalse(checksum(OPEN).equals(checksum(OPEN, "config: {limits: {rooms: 7}}")));
    assertEquals(checksum(OPEN), checksum(OPEN, "podDisruptionBudget: {enabled: false}"));
  }

  @Test
  void hasItsSettingsOverOnesOfYourOwn() throws IOException {
    JsonNode config =
        config(OPEN, "config: {limits: {rooms: 7}, http: {trusted-proxies: [10.0.0.1]}}");
    assertEquals(7, config.at("/limits/rooms").asInt());
    assertEquals(8080, config.at("/http/port").asInt());
    assertEquals("10.0.0.1", config.at("/http/trusted-proxies/0").asText());
  }

  @Test
  void hasAVolumeThatHoldsTheRecordings() throws IOException {
    String table = Files.readString(Path.of("../docs/configuration.md"));
    var quota = Pattern.compile("`recording\\.quota` \\| `([0-9]+)`").matcher(table);
    assertTrue(quota.find());
    assertEquals("20Gi", size(OPEN));
    String least = quota.group(1) + "Mi";
    assertEquals(least, size(OPEN, "persistence: {size: %s}".formatted(least)));
    String smaller = "{persistence: {size: 1.5G}, config: {recording: {quota: 1430}}}";
    assertEquals("1.5G", size(OPEN, smaller));
  }

  @Test
  void letsMediaOfEveryWorkerThroughItsNetworkPolicy() {
    NetworkPolicy policy =
        Chart.manifests(OPEN, "networkPolicy: {enabled: true}", "network: {workers: 4}")
            .the(NetworkPolicy.class);
    var media = policy.getSpec().getIngress().getFirst().getPorts().get(1);
    assertEquals(10_000, media.getPort().getIntVal());
    assertEquals(10_003, media.getEndPort());
  }

  @Test
  void routesByGatewayWithoutCuttingWebSocketsOff() {
    HTTPRoute route =
        Chart.manifests(OPEN, PROXIES, "gateway: {enabled: true, parentRefs: [{name: public}]}")
            .the(HTTPRoute.class);
    assertEquals("0s", route.getSpec().getRules().getFirst().getTimeouts().getRequest());
  }

  @Test
  void testsByWhipAndWhepWhereItMayEnter() throws IOException {
    Pod test = Chart.manifests(OPEN).the(Pod.class);
    Path template = Chart.DIRECTORY.resolve("templates/tests/whip-whep.yaml");
    assertTrue(Files.readString(template).contains("helm.sh/hook: test\n"));
    assertTrue(test.getSpec().getContainers().getFirst().getArgs().contains("--protocol=whip"));
    String keys = "auth: {existingSecret: mine}";
    assertTrue(Chart.manifests(keys).each(Pod.class).isEmpty());
    assertEquals(1, Chart.manifests(keys, "test: {tokenSecret: mine}").each(Pod.class).size());
  }

  @Test
  void aPathOfTheSiteIsInTheIngressAndInTheSettings() {
    String below =
        "{auth: {open: true}, http: {path: /meet},"
            + " config: {http: {trusted-proxies: [10.244.0.0/16]}}, ";
    Manifests ingress = Chart.manifests(below + "ingress: {enabled: true, hosts: [a.example]}}");
    var rule = ingress.the(Ingress.class).getSpec().getRules().getFirst();
    assertEquals("/meet", rule.getHttp().getPaths().getFirst().getPath());
    String settings = ingress.named(ConfigMap.class, "plenum").getData().get("plenum.conf");
    assertTrue(settings.contains("\"path-prefix\": \"/meet\""), settings);
    Manifests gateway =
        Chart.manifests(below + "gateway: {enabled: true, parentRefs: [{name: a}]}}");
    var match =
        gateway.the(HTTPRoute.class).getSpec().getRules().getFirst().getMatches().getFirst();
    assertEquals("/meet", match.getPath().getValue());
  }

  @Test
  void refusesFieldsThatKubernetesDoesNotKnow() {
    String yaml = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {portz: []}\n";
    var refusal =
        org.junit.jupiter.api.Assertions.assertThrows(
            java.io.UncheckedIOException.class, () -> Manifests.of(yaml));
    assertTrue(refusal.getMessage().contains("portz"), refusal.getMessage());
  }

  private static String size(String... values) {
    var claim = Chart.manifests(values).the(StatefulSet.class).getSpec().getVolumeClaimTemplates();
    return claim.getFirst().getSpec().getResources().getRequests().get("storage").toString();
  }

  private static String checksum(String... values) {
    return Chart.manifests(values)
        .the(StatefulSet.class)
        .getSpec()
        .getTemplate()
        .getMetadata()
        .getAnnotations()
        .get("checksum/config");
  }

  private static JsonNode config(String... values) throws IOException {
    return new ObjectMapper()
        .readTree(Chart.manifests(values).the(ConfigMap.class).getData().get("plenum.conf"));
  }

  private static PodSpec pod(Manifests manifests) {
    return manifests.the(StatefulSet.class).getSpec().getTemplate().getSpec();
  }

  private static Container server(Manifests manifests) {
    return pod(manifests).getContainers().getFirst();
  }

  private static EnvVar env(Manifests manifests, String name) {
    List<EnvVar> all = server(manifests).getEnv();
    return all.stream().filter(each -> each.getName().equals(name)).findFirst().orElseThrow();
  }
}
