package org.plenum.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plenum.bench.client.ClientOptions;
import org.plenum.bench.client.VideoShape;
import org.plenum.bench.signaling.WebSocketSignaling;
import org.plenum.sfu.srtp.SrtpProfile;
import org.plenum.signaling.PlenumServer;
import org.plenum.signaling.config.ConfigFile;

/// A room on two servers that are nodes of one cluster: whoever publishes is at one, some of those
/// who watch at the other, and every packet reaches them.
@Tag("slow")
class TwoNodesRunTest {
  private static final int NODES = 2;

  private final List<PlenumServer> nodes = new ArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();

  @TempDir private Path directory;

  @BeforeEach
  void start() throws Exception {
    List<Integer> ports = ports();
    try (var starters = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<PlenumServer>> started = new ArrayList<>();
      for (int i = 0; i < NODES; i++) {
        Path file = Files.writeString(directory.resolve(i + ".conf"), settings(i, ports));
        started.add(starters.submit(() -> PlenumServer.start(ConfigFile.load(file))));
      }
      for (Future<PlenumServer> each : started) {
        nodes.add(each.get());
      }
    }
  }

  private static String settings(int index, List<Integer> ports) {
    return """
        http.port = 0, management.port = 0
        media { port = 0, tcp.port = 0, workers = 1, bind = ["127.0.0.1"], offer-loopback = true }
        room.spread = 1
        cluster {
          enabled = true, node = n%d, port = %d, expected = 2
          hosts = ["127.0.0.1:%d", "127.0.0.1:%d"], host = "127.0.0.1"
          secret = "a secret that the two nodes share"
          room-nodes = 2
        }
        """
        .formatted(index, ports.get(index), ports.get(0), ports.get(1));
  }

  private static List<Integer> ports() throws Exception {
    List<ServerSocket> taken = new ArrayList<>();
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      taken.add(socket);
      ports.add(socket.getLocalPort());
    }
    for (ServerSocket each : taken) {
      each.close();
    }
    return ports;
  }

  @AfterEach
  void stop() {
    nodes.forEach(PlenumServer::close);
    http.shutdownNow();
  }

  /// One joins every two seconds: by then the second node has taken its part.
  @Test
  void everyPacketReachesTheViewersOfAnotherNode() throws Exception {
    await(() -> count("plenum_cluster_size").stream().allMatch(nodes -> nodes == NODES));
    URI url = URI.create("http://127.0.0.1:" + nodes.getFirst().httpPort());
    var settings =
        new LoadSettings(
            url,
            0,
            new Shape(1, 1, 3, false),
            new ClientOptions(500_000, 25, VideoShape.VP8, true, SrtpProfile.AEAD_AES_128_GCM, 0),
            new Course(3, 1, 0.5, null, 0),
            1,
            LoadSettings.Protocol.WEBSOCKET,
            false);
    List<Long> participants = new ArrayList<>();
    LoadResult result;
    try (var signaling = new WebSocketSignaling(url);
        var run = new LoadRun(settings, signaling)) {
      result = run.run(() -> participants.addAll(count("plenum_participants")), () -> {});
    }
    assertEquals(4, participants.stream().mapToLong(each -> each).sum());
    assertTrue(participants.stream().allMatch(each -> each > 0), "at both: " + participants);
    assertTrue(result.sound(), result::toString);
    assertEquals(result.details().expected(), result.details().delivered(), result::toString);
    assertTrue(
        count("plenum_relayed_received_packets_total").stream().mapToLong(each -> each).sum()
            > 100);
    for (String none : List.of("dropped", "forged")) {
      assertEquals(List.of(0L, 0L), count("plenum_relayed_" + none + "_packets_total"));
    }
  }

  /// What each node counts; 0 where it has not counted any.
  private List<Long> count(String metric) {
    return nodes.stream().map(node -> count(node, metric)).toList();
  }

  private long count(PlenumServer node, String metric) {
    URI uri = URI.create("http://127.0.0.1:" + node.managementPort() + "/metrics");
    try {
      return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
          .body()
          .lines()
          .filter(line -> line.startsWith(metric + " "))
          .mapToLong(line -> (long) Double.parseDouble(line.substring(metric.length() + 1)))
          .sum();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void await(Condition condition) throws Exception {
    for (int i = 0; i < 300 && !condition.holds(); i++) {
      Thread.sleep(100);
    }
    assertTrue(condition.holds());
  }
}
