package org.plenum.bench.load;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.plenum.bench.client.ClientFactory;
import org.plenum.bench.client.LoadClient;
import org.plenum.bench.client.LoadCounts;
import org.plenum.bench.client.MediaSource;
import org.plenum.bench.client.Outgoing;
import org.plenum.bench.client.Tally;
import org.plenum.ice.NanoTime;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.port.MediaPort;
import org.plenum.ice.port.MediaPortCounters;
import org.plenum.ice.port.MediaPortKind;
import org.plenum.ice.port.MediaPorts;
import org.plenum.ice.port.PathTable;
import org.plenum.ice.port.ReceiveBatch;
import org.plenum.ice.port.SendBatch;
import org.plenum.sfu.rtp.RtpPacket;
import org.plenum.sfu.srtp.SrtpFactory;

/// One thread and one socket for many clients. All of a client's life but its DTLS handshake
/// happens here.
final class LoadLoop implements AutoCloseable {
  /// Highest lateness that is told apart.
  private static final long MOST_LATENESS_NANOS = 60_000_000_000L;

  private static final int LATENESS_DIGITS = 3;

  /// Clients look for what is due each 10 ms, a fifth of them at a time, so that their feedback
  /// does not come in one heap.
  private static final long TICK_NANOS = 2_000_000;

  private static final int TICKS = 5;
  private static final int BATCHES_PER_TURN = 8;

  /// Of clients that have a port of their own; Linux gives out those from 32768 on itself.
  private static final int FIRST_PORT = 10_000;

  private static final int LAST_PORT = 65_535;

  /// Until a free one is found.
  private static final int PORT_ATTEMPTS = 64;

  private final MediaPort port;
  private final SendBatch batch = new SendBatch();
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final PathTable<LoadClient> byPath = new PathTable<>();
  private final @Nullable LoadClient[] byPort = new @Nullable LoadClient[LAST_PORT + 1];
  private final List<LoadClient> clients = new ArrayList<>();
  private final PriorityQueue<Publishing> due =
      new PriorityQueue<>((a, b) -> Long.signum(a.source.nextNanos() - b.source.nextNanos()));
  private final List<Publishing> windowed = new ArrayList<>();
  private final Tally tally;
  private final LoadCounts left = new LoadCounts();
  private final Histogram lateness = new Histogram(MOST_LATENESS_NANOS, LATENESS_DIGITS);
  private final AtomicLong rtpReceived = new AtomicLong();
  private final LoadClient.Scratch scratch;
  private final boolean saturating;
  private final Thread thread;
  private volatile boolean measuring;
  private boolean stopped;
  private long received;
  private long nextTickNanos;
  private int tick;

  private record Publishing(LoadClient client, MediaSource source) {}

  /// @param epochNanos when the first second of the run began
  LoadLoop(int number, ClientFactory factory, SrtpFactory srtp, long epochNanos)
      throws IOException {
    tally = new Tally(epochNanos);
    port = MediaPorts.open(MediaPortKind.AUTO, 0, List.of());
    saturating = factory.options().window() > 0;
    scratch =
        new LoadClient.Scratch(
            new ToBatch(),
            srtp,
            new Random(number),
            factory::source,
            tally,
            new RtpPacket(),
            Arena.ofAuto().allocate(2048));
    thread = Thread.ofPlatform().name("plenum-load-" + number).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  LoadClient.Scratch scratch() {
    return scratch;
  }

  /// Runs something on this loop's thread, soon. Any thread.
  void post(Runnable task) {
    tasks.add(task);
    port.wakeUp();
  }

  /// Takes a client in; its checks begin. Any thread.
  void add(LoadClient client) {
    post(
        () -> {
          clients.add(client);
          enter(client);
          var _ = client.connected().thenRun(() -> publish(client));
          client.onTimeout(System.nanoTime());
        });
  }

  /// Takes a client out, and keeps what it counted. Any thread; waits for the loop.
  void remove(LoadClient client) {
    var done = new CompletableFuture<Void>();
    post(
        () -> {
          clients.remove(client);
          leave(client);
          due.removeIf(publishing -> publishing.client == client);
          windowed.removeIf(publishing -> publishing.client == client);
          var counts = new LoadCounts();
          client.addTo(counts);
          left.addLeft(counts);
          client.close();
          done.complete(null);
        });
    done.join();
  }

  private void enter(LoadClient client) {
    int port = -client.path().connection();
    if (port > 0) {
      byPort[port] = client;
    } else {
      byPath.put(client.path(), client);
    }
  }

  private void leave(LoadClient client) {
    int port = -client.path().connection();
    if (port > 0) {
      byPort[port] = null;
      this.port.closeRelay(port);
    } else {
      byPath.remove(client.path(), client);
    }
  }

  /// The ways to a server's candidates from a port that no other client has. Any thread; waits for
  /// the loop.
  ///
  /// @throws IllegalStateException if no port could be had
  List<NetworkPath> fromOwnPort(List<InetSocketAddress> candidates) {
    var opened = new CompletableFuture<Integer>();
    post(() -> opened.complete(openPort()));
    int own = opened.join();
    if (own == 0) {
      throw new IllegalStateException(
          "no UDP port could be had for a client of its own: raise the limit of open files");
    }
    return candidates.stream()
        .map(
            candidate -> {
              NetworkPath to = NetworkPath.to(candidate, null);
              return new NetworkPath(to.remoteHigh(), to.remoteLow(), to.remotePort(), 0, 0, -own);
            })
        .toList();
  }

  private int openPort() {
    for (int i = 0; i < PORT_ATTEMPTS; i++) {
      int number = scratch.random().nextInt(FIRST_PORT, LAST_PORT + 1);
      if (byPort[number] == null && port.openRelay(number)) {
        return number;
      }
    }
    return 0;
  }

  private void publish(LoadClient client) {
    for (MediaSource source : client.sources()) {
      (saturating && source.isVideo() ? windowed : due).add(new Publishing(client, source));
    }
  }

  /// Whether frames sent from now on count for the result. Any thread.
  void measure(boolean on) {
    measuring = on;
  }

  /// RTP packets that came so far. Any thread.
  long rtpReceived() {
    return rtpReceived.get();
  }

  /// Datagrams that the kernel dropped because this loop did not read them in time. Any thread.
  long receiveOverflow() {
    return port.counters().value(MediaPortCounters.Counter.RECEIVE_OVERFLOW);
  }

  /// Adds what was counted here, and the delays. Any thread; waits for the loop.
  void addTo(LoadCounts counts, Histogram allDelays, Histogram allLateness) {
    var done = new CompletableFuture<Void>();
    post(
        () -> {
          clients.forEach(client -> client.addTo(counts));
          counts.add(left);
          allDelays.add(tally.measured());
          allLateness.add(lateness);
          done.complete(null);
        });
    done.join();
  }

  /// Adds the delays since the last call. Any thread; waits for the loop.
  ///
  /// @return how many clients there are
  int takeLately(Histogram delays) {
    var done = new CompletableFuture<Integer>();
    post(
        () -> {
          tally.takeLately(delays);
          done.complete(clients.size());
        });
    return done.join();
  }

  /// Hands over what was counted in each second. Any thread; waits for the loop.
  void addTo(Tally.PerSecond sum) {
    var done = new CompletableFuture<Void>();
    post(
        () -> {
          tally.addTo(sum);
          done.complete(null);
        });
    done.join();
  }

  private void run() {
    nextTickNanos = System.nanoTime();
    while (!stopped) {
      turn();
    }
    clients.forEach(LoadClient::close);
    obey();
    flush();
    port.close();
  }

  private void turn() {
    long now = System.nanoTime();
    long wake = nextTickNanos;
    Publishing first = due.peek();
    if (first != null) {
      wake = NanoTime.earlier(wake, first.source.nextNanos());
    }
    port.await(wake - now);
    obey();
    for (int i = 0; i < BATCHES_PER_TURN; i++) {
      int count = port.receive();
      receive(port.received(), count, System.nanoTime());
      if (count < ReceiveBatch.CAPACITY) {
        break;
      }
    }
    rtpReceived.lazySet(received);
    sendDue();
    now = System.nanoTime();
    if (NanoTime.isDue(nextTickNanos, now)) {
      nextTickNanos = now + TICK_NANOS;
      for (int i = tick; i < clients.size(); i += TICKS) {
        clients.get(i).onTimeout(now);
      }
      tick = (tick + 1) % TICKS;
    }
    flush();
  }

  private void obey() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  private void receive(ReceiveBatch from, int count, long now) {
    for (int i = 0; i < count; i++) {
      int own = -from.connection(i);
      LoadClient client = own > 0 ? byPort[own] : byPath.find(from, i);
      if (own > 0 && client != null && isRequest(from, i)) {
        NetworkPath path = from.path(i);
        if (client.answerCheck(from.slab(), from.offset(i), from.length(i), path)) {
          continue;
        }
      }
      if (client != null && client.onDatagram(from.slab(), from.offset(i), from.length(i), now)) {
        received++;
      }
    }
  }

  /// A Binding request's first byte is 0, and nothing else's that a server sends.
  private static boolean isRequest(ReceiveBatch from, int i) {
    return from.length(i) > 1
        && from.slab().get(ValueLayout.JAVA_BYTE, from.offset(i)) == 0
        && from.slab().get(ValueLayout.JAVA_BYTE, from.offset(i) + 1) == 1;
  }

  private void sendDue() {
    boolean counts = measuring;
    long now = System.nanoTime();
    for (Publishing next = due.peek();
        next != null && NanoTime.isDue(next.source.nextNanos(), now);
        next = due.peek()) {
      due.remove();
      if (counts) {
        lateness.recordValue(Math.max(0, now - next.source.nextNanos()));
      }
      next.client.sendFrame(next.source, counts, now);
      next.source.advance(now);
      due.add(next);
      now = System.nanoTime();
    }
    for (int i = 0; i < windowed.size(); i++) {
      Publishing one = windowed.get(i);
      if (one.source.hasRoom(now)) {
        one.client.sendFrame(one.source, counts, now);
        now = System.nanoTime();
      }
    }
  }

  private void flush() {
    if (batch.count() > 0) {
      port.flush(batch);
      batch.clear();
    }
  }

  /// Says goodbye to the server for all clients, and waits for the thread to end.
  @Override
  public void close() {
    post(() -> stopped = true);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private final class ToBatch implements Outgoing {
    @Override
    public MemorySegment slab() {
      return batch.slab();
    }

    @Override
    public long nextOffset() {
      return batch.nextOffset();
    }

    @Override
    public void commit(int lengthBytes, NetworkPath path) {
      batch.commit(lengthBytes, path, 0);
      if (batch.isFull()) {
        flush();
      }
    }
  }
}
