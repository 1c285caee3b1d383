package org.plenum.helm;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Values that are wrong or contradict each other, and what Helm says of them.
class RefusedValuesTest {
  private static final String OPEN = "auth: {open: true}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "replicas: 0 | replicas",
        "replica: 1 | replica",
        "network: {shape: hostnetwork} | shape",
        "network: {workers: 0} | workers",
        "network: {port: 0} | port",
        "network: {tcp: {port: 65536}} | port",
        "network: {service: {tcpNodePort: 443}} | tcpNodePort",
        "network: {relayPorts: {to: 65536}} | relayPorts",
        "network: {relayPorts: 49160-49359} | relayPorts",
        "coturn: {userQuota: 0} | userQuota",
        "prometheusRule: {runbookUrl: wiki} | runbookUrl",
        "extraContainers: {name: a} | extraContainers",
        "network: {port: '10000'} | port",
        "network: {advertised: [localhost]} | advertised",
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
        "replicas: 2 | replicas 2 needs cluster.enabled",
        "{replicas: 2, network: {shape: hostNetwork}} | replicas 2 needs cluster.enabled",
        "cluster: {enabled: true} | cluster.enabled needs cluster.secret or cluster.existingSecret",
        "network: {shape: service} | network.advertised must name the load balancer's address",
        "network: {port: 65535, workers: 2} | the last would be 65536",
        "network: {workers: 3, shape: service, service: {type: NodePort, nodePort: 32766}} | the last would be 32768",
        "http: {port: 8081} | http.port and management.port must differ, not both be 8081",
        "http: {port: 4443} | network.tcp.port and http.port must differ, not both be 4443",
        "network: {tcp: {port: 10000}} | network.tcp.port 10000 must not be one of the media ports, 10000 to 10000: Kubernetes merges ports by number",
        "network: {port: 8070, workers: 20} | http.port 8080 must not be one of the media ports, 8070 to 8089",
        "network: {port: 8081} | management.port 8081 must not be one of the media ports, 8081 to 8081",
        "network: {shape: service, advertised: [203.0.113.7], outsidePort: 443, tcp: {outsidePort: 443}} | the Service's port 443 for ICE-TCP must not be one of its media ports, 443 to 443",
        "network: {outsidePort: 65535, workers: 2} | network.outsidePort 65535 leaves no port for each of 2 workers: the last would be 65536",
        "network: {shape: hostNetwork, outsidePort: 443} | network.outsidePort has no effect with network.shape hostNetwork",
        "network: {shape: hostNetwork, tcp: {outsidePort: 443}} | network.tcp.outsidePort has no effect",
        "ingress: {enabled: true, hosts: [a.org]} | ingress.enabled wants config.http.trusted-proxies, the network of the controller's pods",
        "gateway: {enabled: true, parentRefs: [{name: a}]} | gateway.enabled wants config.http.trusted-proxies",
        "coturn: {enabled: true, host: a, secret: abc, relayPorts: {from: 50000, to: 50004}} | coturn.relayPorts 50000 to 50004 hold 5 relays, fewer than the coturn.userQuota 12",
        "config: {turn: {urls: ['turn:a:3478']}} | config.turn.urls wants the secret shared with that server: give it by env, as PLENUM_TURN_SECRET",
        "config: {turn: {secret: abc}} | config.turn.secret could be read by whoever may read the ConfigMap",
        "{config: {turn: {urls: ['turn:a:3478']}}, coturn: {enabled: true, host: a, secret: abc}} | config.turn.urls is set by the chart: use coturn",
        "{network: {tcp: {outsidePort: 3478}}, coturn: {enabled: true, host: a, secret: abc}} | network.tcp.outsidePort and coturn.port must differ, not both be 3478",
        "auth: {open: false} | nobody is let in",
        "auth: {jwks: 'https://example.org/jwks'} | auth.open and keys contradict each other",
        "auth: {open: false, existingSecret: a, keys: {b: 0123456789abcdef0123456789abcdef}} | auth.existingSecret and auth.keys contradict",
        "{ingress: {enabled: true, hosts: [a.org]}, gateway: {enabled: true, parentRefs: [{name: a}]}} | ingress.enabled and gateway.enabled contradict",
        "{podMonitor: {enabled: true}, serviceMonitor: {enabled: true}} | scrape everything twice",
        "{network: {shape: hostNetwork}, networkPolicy: {enabled: true}} | no effect with network.shape hostNetwork",
        "persistence: {size: 16383Mi} | persistence.size 16383Mi does not hold the recordings, 16384 MiB",
        "{persistence: {size: 1.5G}, config: {recording: {quota: 1431}}} | persistence.size 1.5G does not hold",
        "config: {recording: {quota: 20481}} | persistence.size 20Gi does not hold the recordings, 20481 MiB",
        "config: {live: {dvr: 60, dvr-size: 4097}} | persistence.size 20Gi does not hold the recordings, 16384 MiB by config.recording.quota, and 4097 MiB",
        "{persistence: {size: 4Gi}, config: {live: {dvr: 60, dvr-size: 4097}, recording: {s3: {bucket: a, key-id: b, secret-file: /c}}}} | persistence.size 4Gi does not hold",
        "config: {recording: {s3: {bucket: a, key-id: b}}} | config.recording.s3.bucket wants the secret of the access key: give it by env, as PLENUM_RECORDING_S3_SECRET",
        "config: {recording: {s3: {secret: abc}}} | config.recording.s3.secret could be read by whoever may read the ConfigMap",
        "coturn: {enabled: true, secret: abc} | coturn.host must name",
        "coturn: {enabled: true, host: 203.0.113.9} | coturn needs coturn.secret or coturn.existingSecret",
        "{network: {port: 49180}, coturn: {enabled: true, host: 203.0.113.9, secret: abc}} | media ports 49180 to 49180 and coturn.relayPorts 49152 to 50351 overlap",
        "{network: {port: 3470, workers: 9}, coturn: {enabled: true, host: 203.0.113.9, secret: abc}} | media ports 3470 to 3478 and coturn.port 3478 overlap",
        "{network: {shape: service, service: {type: NodePort}}, coturn: {enabled: true, host: a, secret: abc, relayPorts: {from: 29000, to: 31000}}} | media ports 30000 to 30000 and coturn.relayPorts 29000 to 31000 overlap",
        "{network: {tcp: {port: 3478}}, coturn: {enabled: true, host: a, secret: abc}} | network.tcp.port and coturn.port must differ, not both be 3478",
        "{network: {shape: hostNetwork}, http: {port: 3478}, coturn: {enabled: true, host: a, secret: abc}} | http.port and coturn.port must differ",
        "coturn: {enabled: true, host: a, secret: abc, port: 49170} | coturn.port 49170 lies within coturn.relayPorts",
        "coturn: {enabled: true, host: a, secret: abc, relayPorts: {from: 50000, to: 49000}} | must not be above",
        "network: {relayPorts: {from: 49160, to: 49199}} | network.relayPorts 49160 to 49199 are those of the server's own TURN server: set config.turn.own or network.onePort.enabled",
        "{network: {relayPorts: {from: 1023, to: 1030}}, config: {turn: {own: true}}} | network.relayPorts 1023 to 1030 must begin at 1024 or above, and not end before",
        "{network: {relayPorts: {from: 49199, to: 49160}}, config: {turn: {own: true}}} | network.relayPorts 49199 to 49160 must begin at 1024 or above, and not end before",
        "{network: {relayPorts: {from: 49160, to: 0}}, config: {turn: {own: true}}} | network.relayPorts 49160 to 0 must begin",
        "{network: {relayPorts: {from: 49160, to: 49360}}, config: {turn: {own: true}}} | network.relayPorts 49160 to 49360 are 201 ports, and 200 are the most that the chart opens",
        "{network: {workers: 3, relayPorts: {from: 49160, to: 49161}}, config: {turn: {own: true}}} | hold no port for each of 3 workers",
        "{network: {shape: service, service: {type: NodePort}, relayPorts: {from: 32760, to: 32768}}, config: {turn: {own: true}}} | must be node ports, 30000 to 32767",
        "{network: {shape: service, service: {type: NodePort}, relayPorts: {from: 30000, to: 30003}}, config: {turn: {own: true}}} | must not hold the media ports outside, 30000 to 30000",
        "{network: {relayPorts: {from: 8000, to: 8080}}, config: {turn: {own: true}}} | network.relayPorts 8000 to 8080 must not hold http.port, 8080 to 8080",
        "{network: {workers: 2, relayPorts: {from: 10001, to: 10004}}, config: {turn: {own: true}}} | must not hold the media ports, 10000 to 10001",
        "{network: {relayPorts: {from: 4440, to: 4444}}, config: {turn: {own: true}}} | must not hold the port of ICE-TCP, 4443 to 4443",
        "{network: {relayPorts: {from: 49160, to: 49199}}, config: {turn: {own: true}}, coturn: {enabled: true, host: a, secret: abc}} | must not hold coturn.relayPorts, 49152 to 50351",
        "{network: {relayPorts: {from: 49160, to: 49199}}, config: {turn: {own: true, relay-ports: 1-2}}} | config.turn.relay-ports is set by the chart: use network.relayPorts",
        "config: {media: {port: 1}} | config.media.port is set by the chart: use network.port",
        "config: {http: {host: '::'}} | config.http.host is set by the chart and cannot be changed",
        "config: {auth: {keys: {a: b}}} | config.auth.keys is set by the chart: use auth",
      })
  void isRefusedInASentence(String values, String sentence) {
    String refusal = refusal(values);
    assertTrue(refusal.contains(sentence), refusal);
  }

  /// What Kubernetes would refuse, or mix up, in an upgrade: beside the values is said what is
  /// installed.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "persistence: {size: 40Gi} | persistence.size cannot change from 20Gi to 40Gi while StatefulSet plenum is installed: to grow the volume, `kubectl -n calls patch pvc data-plenum-0",
        "persistence: {storageClass: fast} | persistence.storageClass cannot change from \"\" to \"fast\"",
        "persistence: {accessModes: [ReadWriteMany]} | persistence.accessModes cannot change from [\"ReadWriteOnce\"]",
        "persistence: {enabled: false} | cannot take the volume from StatefulSet plenum while it is installed: `kubectl -n calls delete statefulset plenum --cascade=orphan`",
        "persistence: {existingClaim: mine} | cannot take the volume from StatefulSet plenum",
        "{nameOverride: other, fullnameOverride: plenum} | nameOverride cannot change once StatefulSet plenum is installed",
      })
  void isRefusedAfterTheInstall(String values, String sentence) {
    String refusal =
        refusal(installed("ports: [{containerPort: 10000}, {containerPort: 4443}]"), values);
    assertTrue(refusal.contains(sentence), refusal);
  }

  @Test
  void isTakenAfterTheInstallWhereNothingForbidsIt() {
    String installed = installed("ports: [{containerPort: 10000}, {containerPort: 4443}]");
    Chart.render(OPEN, installed);
    Chart.render(OPEN, installed, "persistence: {size: 20480Mi}");
    Chart.render(OPEN, installed, "network: {shape: hostNetwork, workers: 3}");
  }

  @Test
  void isRefusedWhereTwoPortsOfOneNumberAreInstalled() {
    String refusal =
        refusal(installed("ports: [{containerPort: 10000}, {containerPort: 10000}]"), "{}");
    assertTrue(
        refusal.contains("StatefulSet plenum is installed with two ports of number 10000"),
        refusal);
    String media =
        "global: {installed: {Service: {spec: {type: LoadBalancer, loadBalancerClass: a/b, ports: [%s]}}}}";
    String balancer =
        "network: {shape: service, advertised: [203.0.113.7], service: {loadBalancerClass: a/c}}";
    String twice = refusal(media.formatted("{port: 10000}, {port: 10000}"), balancer);
    assertTrue(twice.contains("Service plenum-media is installed with two ports"), twice);
    String once = refusal(media.formatted("{port: 10000}"), balancer);
    assertTrue(once.contains("loadBalancerClass cannot change from \"a/b\" to \"a/c\""), once);
  }

  private static String installed(String ports) {
    return """
        global:
          installed:
            StatefulSet:
              spec:
                selector:
                  matchLabels:
                    app.kubernetes.io/name: plenum
                    app.kubernetes.io/instance: plenum
                    app.kubernetes.io/component: server
                template: {spec: {containers: [{name: plenum, %s}]}}
                volumeClaimTemplates:
                  - spec:
                      accessModes: [ReadWriteOnce]
                      resources: {requests: {storage: 20Gi}}
                      volumeMode: Filesystem
        """
        .formatted(ports);
  }

  private static String refusal(String installed, String values) {
    return assertThrows(IllegalStateException.class, () -> Chart.render(OPEN, installed, values))
        .getMessage();
  }

  private static String refusal(String values) {
    return assertThrows(IllegalStateException.class, () -> Chart.render(OPEN, values)).getMessage();
  }
}
