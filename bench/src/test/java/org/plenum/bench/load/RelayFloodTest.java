package org.plenum.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.plenum.bench.client.ClientOptions;
import org.plenum.bench.client.VideoShape;
import org.plenum.bench.signaling.WebSocketSignaling;
import org.plenum.sfu.srtp.SrtpProfile;
import org.plenum.signaling.PlenumServer;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.protocol.TurnPasswords;

/// A call beside a flood of Allocates without credentials, at the port of its media and as fast as
/// sockets take them, up to 100 000 a second: nothing of the call is lost, nothing is given, and
/// less is sent than came.
@Tag("slow")
@Timeout(120)
class RelayFloodTest {
  private static final int PER_SECOND = 100_000;
  private static final int BURST = 50;
  private static final int REQUEST_BYTES = 28;

  /// A challenge is 52 bytes to an IPv4 address.
  private static final int MOST_ANSWER_BYTES = 60;

  private PlenumServer server;

  @ParameterizedTest
  @ValueSource(ints = {1, 1_000})
  void aCallGoesOnBesideIt(int sources) throws Exception {
    ServerConfig config = ServerConfig.forTests();
    int port = freePort();
    var passwords = new TurnPasswords("nobody-knows-it", Duration.ofHours(1));
    ServerConfig.Media media = config.media().withPort(port).with(passwords);
    try (PlenumServer started = PlenumServer.start(config.with(media));
        var flood = new Flood(port, sources)) {
      server = started;
      LoadResult without = run(() -> {}, () -> {});
      assumeTrue(isWhole(without), () -> "too busy for a call without a flood: " + without);
      LoadResult beside = run(flood::start, flood::stop);
      System.out.printf(
          "%.0f Allocates a second from %d: %s%n", flood.sent / beside.seconds(), sources, beside);
      assertTrue(isWhole(beside), beside::toString);

      long challenged = verdict("turn_challenged");
      long unanswered = verdict("turn_unpaid") + verdict("turn_rate_limited");
      assertTrue(challenged > 0 && unanswered > challenged, challenged + " answered");
      assertTrue(
          challenged * MOST_ANSWER_BYTES <= (challenged + unanswered) * REQUEST_BYTES,
          challenged + " of " + (challenged + unanswered) + " answered");
      assertTrue(flood.receivedBytes() <= flood.sent * REQUEST_BYTES, "amplified");
      assertEquals(0, metric("plenum_turn_relays"));
      assertEquals(0, verdict("our_fault"));
    }
  }

  private LoadResult run(Runnable atBegin, Runnable atEnd) throws Exception {
    LoadSettings settings = settings();
    try (var signaling = new WebSocketSignaling(settings.url());
        var run = new LoadRun(settings, signaling)) {
      return run.run(atBegin, atEnd);
    }
  }

  private static boolean isWhole(LoadResult result) {
    return result.sound() && result.details().expected() == result.details().delivered();
  }

  private LoadSettings settings() {
    return new LoadSettings(
        URI.create("http://127.0.0.1:" + server.httpPort()),
        ProcessHandle.current().pid(),
        new Shape(1, 3, 0, true),
        new ClientOptions(500_000, 25, VideoShape.VP8, true, SrtpProfile.AEAD_AES_128_GCM, 0),
        Course.steady(3, 1),
        1,
        LoadSettings.Protocol.WEBSOCKET,
        false);
  }

  private long verdict(String name) throws Exception {
    return metric("plenum_ingress_datagrams_total\\{verdict=\"" + name + "\"\\}");
  }

  private long metric(String pattern) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.managementPort() + "/metrics");
    try (HttpClient http = HttpClient.newHttpClient()) {
      String all = http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
      var value = Pattern.compile("\n" + pattern + " ([0-9.E]+)").matcher(all);
      assertTrue(value.find(), pattern);
      return (long) Double.parseDouble(value.group(1));
    }
  }

  private static int freePort() throws IOException {
    try (DatagramChannel free = DatagramChannel.open()) {
      free.bind(new InetSocketAddress("127.0.0.1", 0));
      return ((InetSocketAddress) free.getLocalAddress()).getPort();
    }
  }

  /// Who asks, from one address or from one in each of many networks, and reads the answers.
  private static final class Flood implements AutoCloseable {
    private final List<DatagramChannel> sockets = new ArrayList<>();
    private final ByteBuffer answer = ByteBuffer.allocateDirect(2_048);
    private final Thread thread = new Thread(this::run, "flood");
    private volatile boolean stopped;
    private long received;

    /// Requests.
    volatile long sent;

    Flood(int port, int sources) throws IOException {
      for (int i = 0; i < sources; i++) {
        DatagramChannel socket = DatagramChannel.open();
        sockets.add(socket);
        String from = "127." + (1 + i / 250) + "." + i % 250 + ".1";
        socket.bind(new InetSocketAddress(from, 0));
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        socket.configureBlocking(false);
      }
    }

    void start() {
      thread.start();
    }

    private void run() {
      ByteBuffer request =
          ByteBuffer.allocateDirect(REQUEST_BYTES)
              .putShort((short) 3)
              .putShort((short) 8)
              .putInt(0x2112_A442)
              .position(20)
              .putShort((short) 0x19) // REQUESTED-TRANSPORT
              .putShort((short) 4)
              .put((byte) 17);
      long begun = System.nanoTime();
      try {
        while (!stopped) {
          for (int i = 0; i < BURST; i++) {
            request.putLong(8, sent);
            sockets.get((int) (sent % sockets.size())).write(request.clear());
            sent++;
          }
          read(sockets.get((int) (sent / BURST % sockets.size())));
          long early = begun + sent * (1_000_000_000L / PER_SECOND) - System.nanoTime();
          if (early > 0) {
            LockSupport.parkNanos(early);
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void read(DatagramChannel socket) throws IOException {
      int length = socket.read(answer.clear());
      while (length > 0) {
        received += length;
        length = socket.read(answer.clear());
      }
    }

    void stop() {
      stopped = true;
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    long receivedBytes() throws IOException {
      for (DatagramChannel each : sockets) {
        read(each);
      }
      return received;
    }

    @Override
    public void close() throws IOException {
      stopped = true;
      for (DatagramChannel each : sockets) {
        each.close();
      }
    }
  }
}
