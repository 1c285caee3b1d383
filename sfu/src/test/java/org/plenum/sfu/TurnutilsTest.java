package org.plenum.sfu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.plenum.ice.port.MediaPortKind;
import org.plenum.sfu.counters.WorkerCounters.Gauge;
import org.plenum.sfu.embed.Sfu;

/// coturn's own client against our TURN server, with two workers: over TCP the user name tells
/// whose a client is.
class TurnutilsTest {
  private static final Path CLIENT = Path.of("/usr/bin/turnutils_uclient");
  private static final String SECRET = "a-secret";

  /// It asks for EVEN-PORT at random, and gives up if that is refused too often.
  private static final int ATTEMPTS = 12;

  private static final int MESSAGES = 5;
  private static final int PATIENCE_SECONDS = 30;

  @BeforeEach
  void findClient() {
    assumeTrue(Files.isExecutable(CLIENT), "coturn is not installed");
  }

  private static Sfu start() {
    return Sfu.start(
        new SfuConfig(
            2,
            0,
            List.of("127.0.0.1"),
            List.of(),
            true,
            MediaPortKind.AUTO,
            SfuConfig.Candidates.DEFAULT,
            new SfuConfig.Tcp(true, 0),
            new SfuConfig.Stun(true, List.of()),
            SfuConfig.Bitrates.DEFAULT,
            new SfuConfig.Turn(SECRET)));
  }

  /// A room with somebody in it; the least loaded worker has it.
  private static RoomHandle room(Sfu sfu, String participant) throws Exception {
    RoomHandle room = sfu.openRoom(new RoomId("r-" + participant), RoomSettings.DEFAULT, _ -> {});
    room.join(new JoinRequest(new ParticipantId(participant), "Somebody", false, null), _ -> {})
        .get();
    return room;
  }

  private static int mediaPort(RoomHandle room) {
    return room.places(new ParticipantId("anybody")).getFirst().port();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void givesRelaysToTheMediaOfTheRoomsOwnWorker(boolean tcp) throws Exception {
    try (Sfu sfu = start()) {
      RoomHandle first = room(sfu, "ada");
      RoomHandle second = room(sfu, "grace");
      assertTrue(mediaPort(first) != mediaPort(second), "each on a worker of its own");
      for (RoomHandle room : List.of(first, second)) {
        String said = run(sfu, room, room == first ? "ada" : "grace", tcp, mediaPort(room));
        assertTrue(said.contains("tot_send_msgs=" + MESSAGES), said);
        assertTrue(said.contains("Received relay addr: 127.0.0.1:" + mediaPort(room)), said);
        assertEquals(0, sfu.counters().value(IngressVerdict.TURN_NOT_PERMITTED), said);
      }
    }
  }

  /// The other worker's media is none of the room's.
  @Test
  void whatIsSentElsewhereGoesNowhere() throws Exception {
    try (Sfu sfu = start()) {
      RoomHandle room = room(sfu, "ada");
      int other =
          sfu.ports().stream().filter(port -> port != mediaPort(room)).findFirst().orElseThrow();
      String said = run(sfu, room, "ada", false, other);
      assertTrue(said.contains("tot_send_msgs=" + MESSAGES), said);
      assertTrue(sfu.counters().value(IngressVerdict.TURN_NOT_PERMITTED) >= MESSAGES, said);
    }
  }

  @Test
  void givesNoneToWhoeverHasLeftTheRoom() throws Exception {
    try (Sfu sfu = start()) {
      RoomHandle room = room(sfu, "ada");
      String before = run(sfu, room, "ada", false, mediaPort(room));
      assertTrue(before.contains("Received relay addr"), before);
      awaitRelays(sfu, relays -> relays > 0); // coturn's client went without a word
      room.leave(new ParticipantId("ada"), LeaveReason.REMOVED);
      awaitRelays(sfu, relays -> relays == 0);
      String said = attempt(mediaPort(room), "ada", false, mediaPort(room));
      assertTrue(said.contains("allocate sent"), said);
      assertFalse(said.contains("Received relay addr"), said);
      assertTrue(sfu.counters().value(IngressVerdict.TURN_CHALLENGED) > 0, said);
    }
  }

  /// A worker counts them every 10 ms, or once a second without a room.
  private static void awaitRelays(Sfu sfu, LongPredicate wanted) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    while (!wanted.test(sfu.counters().value(Gauge.TURN_RELAYS))) {
      assertTrue(deadline - System.nanoTime() > 0, "not within five seconds");
      Thread.sleep(20);
    }
  }

  /// Until it was not unlucky.
  private static String run(Sfu sfu, RoomHandle room, String user, boolean tcp, int peerPort)
      throws Exception {
    String said = "";
    for (int i = 0; i < ATTEMPTS && !said.contains("tot_send_msgs=" + MESSAGES); i++) {
      said = attempt(tcp ? sfu.tcpPort() : mediaPort(room), user, tcp, peerPort);
    }
    return said;
  }

  /// What it says while it sends a few messages to a peer, from where no answer comes.
  private static String attempt(int port, String user, boolean tcp, int peerPort)
      throws IOException {
    List<String> command =
        new ArrayList<>(List.of(CLIENT.toString(), "-v", "-W", SECRET, "-u", user, "-c", "-s"));
    command.addAll(List.of("-n", "" + MESSAGES, "-z", "20", "-X", "-p", "" + port));
    command.addAll(List.of("-e", "127.0.0.1", "-r", "" + peerPort));
    if (tcp) {
      command.add("-t");
    }
    command.add("127.0.0.1");
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    CompletableFuture.delayedExecutor(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .execute(process::destroyForcibly);
    var said = new StringBuilder();
    try (BufferedReader lines = process.inputReader()) {
      String line = lines.readLine();
      while (line != null && !line.contains("tot_send_msgs=" + MESSAGES)) {
        said.append(line).append('\n');
        line = lines.readLine();
      }
      return said.append(line).toString();
    } finally {
      process.destroyForcibly(); // it would wait for answers
    }
  }
}
