package org.plenum.cluster.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.plenum.cluster.ClusterSettings;
import org.plenum.cluster.DirectoryException;
import org.plenum.cluster.NodeInfo;
import org.plenum.cluster.RoomDirectory.Claim;
import org.plenum.cluster.link.LinkStream;
import org.plenum.cluster.link.StreamListener;

/// Real nodes, in one process.
class EmbeddedClusterTest {
  private static final String SECRET = "a secret of thirty-two characters";

  private final List<EmbeddedCluster> nodes = new ArrayList<>();

  @AfterEach
  void close() {
    nodes.reversed().forEach(EmbeddedCluster::close);
  }

  @Test
  void nodesShareADirectoryAndStreams() throws Exception {
    List<Integer> ports = ports(2);
    EmbeddedCluster a = start("a", ports, 0, SECRET, 2);
    EmbeddedCluster b = start("b", ports, 1, SECRET, 2);
    await(() -> a.hasQuorum() && b.hasQuorum() && a.nodes().size() == 2 && b.nodes().size() == 2);

    Claim claim = a.directory().open("garden");
    assertEquals(a.self(), b.directory().claim("garden", b.self()).node());
    a.directory().update(claim, "locked");
    await(() -> "locked".equals(b.directory().find("garden").state()));
    assertThrows(DirectoryException.class, () -> b.directory().open("garden"));

    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    b.links().accept("echo", opening -> echo(opening.stream()));
    LinkStream stream =
        a.links()
            .open(
                b.self(),
                "echo",
                "hello",
                new StreamListener() {
                  @Override
                  public void onText(String text) {
                    heard.add(text);
                  }

                  @Override
                  public void onClosed(int code, String reason) {
                    heard.add(code + " " + reason);
                  }
                });
    for (int i = 0; i < 200; i++) {
      stream.send("text " + i);
    }
    for (int i = 0; i < 200; i++) {
      assertEquals("text " + i, heard.poll(20, TimeUnit.SECONDS));
    }
    b.links().answer("length", (_, body) -> new byte[] {(byte) body.length});
    byte[] answer =
        a.links()
            .ask(b.self(), "length", "seven".getBytes(StandardCharsets.UTF_8), 20_000)
            .get(30, TimeUnit.SECONDS);
    assertEquals(5, answer[0]);

    b.close();
    nodes.remove(b);
    assertTrue(String.valueOf(heard.poll(20, TimeUnit.SECONDS)).contains("gone"));
    await(() -> !a.hasQuorum());
    var refused =
        assertThrows(DirectoryException.class, () -> a.directory().claim("other", a.self()));
    assertEquals(DirectoryException.Reason.NO_QUORUM, refused.reason());
  }

  @Test
  void whoHasAnotherSecretMayNotJoin() throws Exception {
    List<Integer> ports = ports(2);
    EmbeddedCluster a = start("a", ports, 0, SECRET, 1);
    var refused =
        assertThrows(
            IllegalStateException.class,
            () -> start("b", ports, 1, "another secret of the same size.", 1));
    assertTrue(refused.getMessage().contains("127.0.0.1:" + ports.get(0)), refused.getMessage());
    assertEquals(1, a.size());
    await(() -> a.refusals() > 0);
  }

  @Test
  void aNameIsTakenOnce() throws Exception {
    List<Integer> ports = ports(2);
    start("a", ports, 0, SECRET, 1);
    // On a busy machine it may not find the other in time, and begin a cluster of its own.
    for (int i = 0; i < 20; i++) {
      try {
        start("a", ports, 1, SECRET, 1).close();
        nodes.removeLast();
      } catch (IllegalStateException e) {
        assertTrue(String.valueOf(e.getMessage()).contains("another node"), e.getMessage());
        return;
      }
    }
    fail("the second never gave way");
  }

  /// Somebody between the nodes says again what a node said: it is of another session, and nobody
  /// listens to it.
  @Test
  void whatIsReplayedOfAConnectionReachesNobody() throws Exception {
    List<Integer> ports = ports(3);
    int between = ports.get(2);
    try (var recorded = new RecordedConnection(between, ports.get(0))) {
      EmbeddedCluster a = start("a", ports.subList(0, 2), 0, SECRET, 2);
      // It knows the other one by the address of whoever listens in, too.
      EmbeddedCluster b = start("b", List.of(ports.get(0), ports.get(1), between), 1, SECRET, 2);
      await(() -> a.nodes().size() == 2 && b.nodes().size() == 2);
      AtomicInteger asked = new AtomicInteger();
      a.links().answer("count", (_, _) -> new byte[] {(byte) asked.incrementAndGet()});
      b.links().ask(a.self(), "count", new byte[0], 20_000).get(30, TimeUnit.SECONDS);
      await(() -> recorded.bytes().length > 500);
      long changes = a.viewChanges();
      try (var replay = new Socket(InetAddress.getLoopbackAddress(), ports.get(0))) {
        replay.setSoTimeout(30_000);
        replay.getOutputStream().write(recorded.bytes());
        InputStream in = replay.getInputStream();
        while (in.read(new byte[1024]) >= 0) {
          // its own hello, and an alert
        }
      } catch (SocketTimeoutException e) {
        fail("it is listened to");
      } catch (IOException e) {
        // as good as the end
      }
      assertEquals(1, asked.get());
      assertEquals(2, a.size());
      assertEquals(changes, a.viewChanges());
      b.links().ask(a.self(), "count", new byte[0], 20_000).get(30, TimeUnit.SECONDS);
      assertEquals(2, asked.get(), "and the nodes go on");
    }
  }

  private static @Nullable StreamListener echo(LinkStream stream) {
    return new StreamListener() {
      @Override
      public void onText(String text) {
        try {
          stream.send(text);
        } catch (IOException e) {
          stream.close(1, "gone");
        }
      }

      @Override
      public void onClosed(int code, String reason) {}
    };
  }

  private EmbeddedCluster start(
      String name, List<Integer> ports, int index, String secret, int expected) {
    var settings =
        new ClusterSettings(
            name,
            secret,
            "127.0.0.1",
            ports.get(index),
            ports.stream().map(port -> "127.0.0.1:" + port).toList(),
            null,
            expected);
    EmbeddedCluster node =
        EmbeddedCluster.start(
            settings,
            new NodeInfo(
                name,
                "",
                List.of(),
                List.of(),
                "",
                "",
                0,
                0,
                0,
                false,
                System.currentTimeMillis()));
    nodes.add(node);
    return node;
  }

  private static List<Integer> ports(int count) throws IOException {
    List<ServerSocket> taken = new ArrayList<>();
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      taken.add(socket);
      ports.add(socket.getLocalPort());
    }
    for (ServerSocket each : taken) {
      each.close();
    }
    return ports;
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; i < 600 && !condition.getAsBoolean(); i++) {
      Thread.sleep(50);
    }
    assertTrue(condition.getAsBoolean());
  }
}
