package org.plenum.helm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the chart tells the server is what the server takes: its own `--print-config` says so,
/// which checks the settings, and not the files and ports of this machine.
class RenderedSettingsTest {
  private static final String SOMEBODYS_KEYS = "first: 0123456789abcdef0123456789abcdef";

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{auth: {open: true}}",
        "{auth: {existingSecret: mine}, network: {shape: hostNetwork, workers: 3}}",
        "{auth: {keys: {first: 0123456789abcdef0123456789abcdef}}, drain: {seconds: 0}}",
        "{auth: {jwks: 'https://example.org/jwks'}, persistence: {enabled: false}}",
        "{auth: {open: true}, network: {shape: service, service: {type: NodePort}}}",
        "{auth: {open: true}, network: {shape: service, advertised: [203.0.113.7, '2001:db8::7']}}",
        "{auth: {open: true}, http: {path: /meet}}",
        "{auth: {open: true}, network: {ipFamilyPolicy: PreferDualStack, outsidePort: 443}}",
        "{auth: {open: true}, network: {shape: service, advertised: [lb.example.org], outsidePort: 3478, tcp: {outsidePort: 443}}}",
        "{auth: {open: true}, config: {turn: {urls: ['turn:a:3478'], seconds: 600}}, env: [{name: PLENUM_TURN_SECRET, value: abc}]}",
        "{auth: {open: true}, config: {recording: {quota: 2000000, s3: {endpoint: 'https://storage.example.org', bucket: meetings, prefix: plenum, key-id: id}}}, env: [{name: PLENUM_RECORDING_S3_SECRET, value: abc}]}",
        "{auth: {open: true}, config: {turn: {own: true}}, network: {relayPorts: {from: 20000, to: 20199}}}",
        "{auth: {open: true}, config: {turn: {own: true}}, network: {relayPorts: {from: 20000, to: 20003}}, coturn: {enabled: true, host: a.org, secret: abc}}",
        "everything",
      })
  void isAccepted(String values) throws IOException, InterruptedException {
    Manifests manifests =
        values.equals("everything")
            ? Chart.manifests(Chart.values("everything"), "auth: {existingSecret: mine}")
            : Chart.manifests(values);
    Path file = directory.resolve("plenum.conf");
    Path keys = Files.writeString(directory.resolve("keys"), keys(manifests));
    Files.writeString(
        file,
        manifests
            .named(ConfigMap.class, "plenum")
            .getData()
            .get("plenum.conf")
            .replace("/etc/plenum-keys/keys", keys.toString()));
    List<String> command = new ArrayList<>(List.of("env"));
    environment(manifests).forEach((name, value) -> command.add(name + "=" + value));
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes = System.getProperty("java.class.path");
    command.addAll(List.of(java, "-cp", classes, "org.plenum.signaling.Main"));
    command.addAll(List.of("--print-config", "--config", file.toString()));
    Tool.Result result = Tool.run(directory, "", command.toArray(String[]::new));
    assertEquals(0, result.status(), result::output);
  }

  /// As Kubernetes would fill it in.
  private static Map<String, String> environment(Manifests manifests) {
    Map<String, String> all = new LinkedHashMap<>();
    var spec = manifests.the(StatefulSet.class).getSpec().getTemplate().getSpec();
    List<EnvVar> given = spec.getContainers().getFirst().getEnv();
    for (EnvVar each : given == null ? List.<EnvVar>of() : given) {
      if (!each.getName().equals("HOST_IP")) {
        String value =
            each.getValue() == null
                ? secret(manifests, each)
                : each.getValue().replace("$(HOST_IP)", "203.0.113.1,2001:db8::1");
        all.put(each.getName(), value);
      }
    }
    return all;
  }

  /// What is mounted of the Secret.
  private static String keys(Manifests manifests) {
    return manifests.each(Secret.class).stream()
        .map(each -> each.getStringData().get("keys"))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(SOMEBODYS_KEYS);
  }

  private static String secret(Manifests manifests, EnvVar from) {
    var key = from.getValueFrom().getSecretKeyRef();
    return manifests.each(Secret.class).stream()
        .filter(each -> each.getMetadata().getName().equals(key.getName()))
        .map(each -> each.getStringData().get(key.getKey()))
        .findFirst()
        .orElse(SOMEBODYS_KEYS);
  }
}
