package org.plenum.helm;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Values that are wrong or contradict each other, and what Helm says of them.
class RefusedValuesTest {
  private static final String OPEN = "auth: {open: true}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "replicas: 2 | replicas",
        "{replicas: 2, network: {shape: hostNetwork}} | replicas",
        "replica: 1 | replica",
        "network: {shape: hostnetwork} | shape",
        "network: {workers: 0} | workers",
        "network: {port: 80} | port",
        "network: {port: '10000'} | port",
        "network: {advertised: [plenum.example.org]} | advertised",
        "network: {advertised: [203.0.113.7], shape: service, service: {type: ClusterIP}} | type",
        "network: {shape: service, service: {type: NodePort, nodePort: 10000}} | nodePort",
        "auth: {keys: {first: short}} | first",
        "auth: {open: false, jwks: 'http://example.org/jwks'} | jwks",
        "drain: {seconds: -1} | seconds",
        "config: [] | config",
        "ingress: {enabled: true} | hosts",
        "http: {path: meet} | path",
        "http: {path: /meet/} | path",
        "gateway: {enabled: true} | parentRefs",
        "image: {digest: latest} | digest",
        "persistence: {size: big} | size",
        "test: {seconds: 0} | seconds",
        "coturn: {allowedPeers: [10.0.0.0/8]} | allowedPeers",
      })
  void isRefusedByTheSchema(String values, String named) {
    String refusal = refusal(values);
    assertTrue(refusal.contains("schema"), refusal);
    assertTrue(refusal.contains(named), refusal);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "network: {shape: service} | network.advertised must name the load balancer's address",
        "network: {port: 65535, workers: 2} | the last would be 65536",
        "network: {workers: 3, shape: service, service: {type: NodePort, nodePort: 32766}} | the last would be 32768",
        "http: {port: 8081} | http.port and management.port must differ, not both be 8081",
        "http: {port: 10000} | network.tcp.port and http.port must differ, not both be 10000",
        "auth: {open: false} | nobody is let in",
        "auth: {jwks: 'https://example.org/jwks'} | auth.open and keys contradict each other",
        "auth: {open: false, existingSecret: a, keys: {b: 0123456789abcdef0123456789abcdef}} | auth.existingSecret and auth.keys contradict",
        "{ingress: {enabled: true, hosts: [a.org]}, gateway: {enabled: true, parentRefs: [{name: a}]}} | ingress.enabled and gateway.enabled contradict",
        "{podMonitor: {enabled: true}, serviceMonitor: {enabled: true}} | scrape everything twice",
        "{network: {shape: hostNetwork}, networkPolicy: {enabled: true}} | no effect with network.shape hostNetwork",
        "persistence: {size: 16383Mi} | persistence.size 16383Mi does not hold the recordings, 16384 MiB",
        "{persistence: {size: 1.5G}, config: {recording: {quota: 1431}}} | persistence.size 1.5G does not hold",
        "config: {recording: {quota: 20481}} | persistence.size 20Gi does not hold the recordings, 20481 MiB",
        "coturn: {enabled: true, secret: abc} | coturn.host must name",
        "coturn: {enabled: true, host: 203.0.113.9} | coturn needs coturn.secret or coturn.existingSecret",
        "{network: {port: 49180}, coturn: {enabled: true, host: 203.0.113.9, secret: abc}} | media ports 49180 to 49180 and coturn.relayPorts 49160 to 49200 overlap",
        "{network: {port: 3470, workers: 9}, coturn: {enabled: true, host: 203.0.113.9, secret: abc}} | media ports 3470 to 3478 and coturn.port 3478 overlap",
        "{network: {shape: service, service: {type: NodePort}}, coturn: {enabled: true, host: a, secret: abc, relayPorts: {from: 29000, to: 31000}}} | media ports 30000 to 30000 and coturn.relayPorts 29000 to 31000 overlap",
        "{network: {tcp: {port: 3478}}, coturn: {enabled: true, host: a, secret: abc}} | network.tcp.port and coturn.port must differ, not both be 3478",
        "{network: {shape: hostNetwork}, http: {port: 3478}, coturn: {enabled: true, host: a, secret: abc}} | http.port and coturn.port must differ",
        "coturn: {enabled: true, host: a, secret: abc, port: 49170} | coturn.port 49170 lies within coturn.relayPorts",
        "coturn: {enabled: true, host: a, secret: abc, relayPorts: {from: 50000, to: 49000}} | must not be above",
        "config: {media: {port: 1}} | config.media.port is set by the chart: use network.port",
        "config: {http: {host: '::'}} | config.http.host is set by the chart and cannot be changed",
        "config: {auth: {keys: {a: b}}} | config.auth.keys is set by the chart: use auth",
      })
  void isRefusedInASentence(String values, String sentence) {
    String refusal = refusal(values);
    assertTrue(refusal.contains(sentence), refusal);
  }

  private static String refusal(String values) {
    return assertThrows(IllegalStateException.class, () -> Chart.render(OPEN, values)).getMessage();
  }
}
