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
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What single values do.
class ChartTest {
  private static final String OPEN = "auth: {open: true}";

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
  void takesOneAwayAtATime() {
    var budget = Chart.manifests(OPEN).the(PodDisruptionBudget.class).getSpec();
    assertEquals(1, budget.getMaxUnavailable().getIntVal());
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
    assertEquals("$(HOST_IP):31000", env(manifests, "PLENUM_MEDIA_ADVERTISED").getValue());
    ServicePort last =
        manifests.named(Service.class, "plenum-media").getSpec().getPorts().getLast();
    assertEquals("ice-tcp", last.getName());
    assertEquals(31_000, last.getNodePort());
  }

  @Test
  void putsTheNodePortBehindAdvertisedAddressesThatHaveNone() throws IOException {
    String service = "network: {shape: service, service: {type: NodePort}, advertised: [%s]}";
    String addresses = "203.0.113.7, 203.0.113.8:4000, '2001:db8::7', '[2001:db8::8]:4000'";
    JsonNode advertised = config(OPEN, service.formatted(addresses)).at("/media/advertised");
    assertEquals(
        "[\"203.0.113.7:30000\",\"203.0.113.8:4000\",\"[2001:db8::7]:30000\",\"[2001:db8::8]:4000\"]",
        advertised.toString());
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
        "plenum-auth",
        env(manifests, "PLENUM_AUTH_KEYS").getValueFrom().getSecretKeyRef().getName());
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
        Chart.manifests(OPEN, "gateway: {enabled: true, parentRefs: [{name: public}]}")
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
    String below = "{auth: {open: true}, http: {path: /meet}, ";
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
