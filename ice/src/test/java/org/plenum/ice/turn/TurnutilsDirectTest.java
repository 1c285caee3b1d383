package org.plenum.ice.turn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.port.MediaPort;
import org.plenum.ice.port.MediaPortKind;
import org.plenum.ice.port.MediaPorts;
import org.plenum.ice.port.SendBatch;

/// coturn's own client, whose connections speak with each other by relays of direct calls; and with
/// a peer to which such a relay must not lead.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TurnutilsDirectTest {
  private static final Path CLIENT = Path.of("/usr/bin/turnutils_uclient");
  private static final String SECRET = "a-secret";
  private static final String USER = "ada/direct";
  private static final int FIRST_PORT = 46_000;
  private static final int LAST_PORT = 46_099;
  private static final int CONNECTIONS = 2;
  private static final int MESSAGES = 20;

  /// It asks for EVEN-PORT at random, and gives up if that is refused.
  private static final int ATTEMPTS = 40;

  /// A worker's loop, as small as it can be.
  private static final class Server implements AutoCloseable {
    final MediaPort port;
    final Map<TurnVerdict, Integer> verdicts = new EnumMap<>(TurnVerdict.class);
    private final SendBatch out = new SendBatch();
    private final TurnServer turn;
    private final Thread thread;
    private volatile boolean closing;

    Server(MediaPortKind kind) throws IOException {
      port = MediaPorts.open(kind, 0, List.of(InetAddress.ofLiteral("127.0.0.1")));
      long now = System.nanoTime();
      turn =
          new TurnServer(
              new TurnSecret(SECRET, new Random(1), now),
              new OwnAddresses(List.of(new InetSocketAddress("127.0.0.1", port.port()))),
              port,
              RelayPorts.share(FIRST_PORT, LAST_PORT, 0, 1, 1),
              1,
              now,
              epochSeconds());
      var user = new Introduced(USER, (_, _) -> true);
      turn.introduce(user, user); // its connections have one name
      thread = Thread.ofPlatform().start(this::run);
    }

    private static long epochSeconds() {
      return System.currentTimeMillis() / 1_000;
    }

    private void run() {
      while (!closing) {
        port.await(TimeUnit.MILLISECONDS.toNanos(100));
        int count = port.receive();
        long now = System.nanoTime();
        turn.onTimeout(now, epochSeconds());
        for (int i = 0; i < count; i++) {
          verdicts.merge(take(i, now), 1, Integer::sum);
        }
        port.flush(out);
        out.clear();
      }
    }

    private TurnVerdict take(int i, long now) {
      var batch = port.received();
      int first = batch.slab().get(ValueLayout.JAVA_BYTE, batch.offset(i)) & 0xFF;
      TurnVerdict verdict;
      if (NetworkPath.isRelayPort(batch.connection(i))) {
        verdict = turn.onPeer(batch, i, now);
      } else if (first >= 64) {
        verdict = turn.onChannelData(batch, i, now);
      } else {
        verdict = turn.onMessage(batch, i, now, this::respond);
      }
      if (verdict == TurnVerdict.FORWARDED) {
        Onward what = turn.onward();
        MemorySegment.copy(
            batch.slab(), what.offset(), out.slab(), out.nextOffset(), what.lengthBytes());
        send(what.lengthBytes(), what.path());
      }
      return verdict;
    }

    private void respond(byte[] message, NetworkPath to) {
      MemorySegment.copy(
          message, 0, out.slab(), ValueLayout.JAVA_BYTE, out.nextOffset(), message.length);
      send(message.length, to);
    }

    private void send(int length, NetworkPath to) {
      NetworkPath client = turn.client(to);
      if (client == null) {
        out.commit(length, to, 0);
      } else {
        out.commit(turn.wrap(out.slab(), out.nextOffset(), length, to), client, 0);
      }
    }

    /// Returns when the loop has ended, and its counts are there to be read.
    void stop() {
      closing = true;
      port.wakeUp();
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() {
      stop();
      port.close();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = MediaPortKind.class,
      names = {"AUTO", "NIO"})
  void itsConnectionsReachEachOther(MediaPortKind kind) throws IOException {
    int all = CONNECTIONS * MESSAGES;
    String end = "tot_send_msgs=" + all + ", tot_recv_msgs=" + all;
    Outcome outcome =
        run(kind, end, "-y", "-m", "" + CONNECTIONS, "-n", "" + MESSAGES, "-l", "171");
    assertTrue(outcome.said().contains(end), outcome.said());
    assertTrue(outcome.count(TurnVerdict.FORWARDED) >= all, outcome.toString());
  }

  /// A service of this machine, which the client sends to as often as it likes.
  @ParameterizedTest
  @EnumSource(
      value = MediaPortKind.class,
      names = {"AUTO", "NIO"})
  void noOtherPeerIsReached(MediaPortKind kind) throws IOException {
    var here = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
    try (var service = new DatagramSocket(here)) {
      service.setSoTimeout(200);
      String end = "tot_send_msgs=" + MESSAGES;
      String port = "" + service.getLocalPort();
      Outcome outcome = run(kind, end, "-n", "" + MESSAGES, "-e", "127.0.0.1", "-r", port);
      assertTrue(outcome.said().contains(end), outcome.said());
      var nothing = new DatagramPacket(new byte[100], 100);
      assertThrows(SocketTimeoutException.class, () -> service.receive(nothing));
      assertEquals(MESSAGES, outcome.count(TurnVerdict.NOT_PERMITTED), outcome.toString());
      assertEquals(0, outcome.count(TurnVerdict.FORWARDED), outcome.toString());
    }
  }

  private record Outcome(String said, Map<TurnVerdict, Integer> verdicts) {
    int count(TurnVerdict verdict) {
      return verdicts.getOrDefault(verdict, 0);
    }
  }

  /// Until it was not unlucky.
  private static Outcome run(MediaPortKind kind, String end, String... options) throws IOException {
    assumeTrue(Files.isExecutable(CLIENT), "coturn is not installed");
    for (int i = 1; ; i++) {
      try (Server server = new Server(kind)) {
        String said = attempt(server, end, options);
        server.stop();
        if (i == ATTEMPTS || !said.contains("error 420")) {
          return new Outcome(said, server.verdicts);
        }
      }
    }
  }

  /// What it says until it says this; it is ended then, or when it waits for what never comes.
  private static String attempt(Server server, String end, String... options) throws IOException {
    List<String> command = new ArrayList<>(List.of(CLIENT.toString(), "-v", "-c", "-s", "-X"));
    command.addAll(List.of("-W", SECRET, "-u", USER, "-p", "" + server.port.port(), "-z", "20"));
    command.addAll(List.of(options));
    command.add("127.0.0.1");
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    CompletableFuture.delayedExecutor(30, TimeUnit.SECONDS).execute(process::destroyForcibly);
    var said = new StringBuilder();
    try (BufferedReader lines = process.inputReader()) {
      String line = lines.readLine();
      while (line != null) {
        said.append(line).append('\n');
        line = line.contains(end) ? null : lines.readLine();
      }
      return said.toString();
    } finally {
      process.destroyForcibly();
    }
  }
}
