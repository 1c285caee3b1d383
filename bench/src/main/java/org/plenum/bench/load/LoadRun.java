package org.plenum.bench.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.plenum.bench.client.ClientFactory;
import org.plenum.bench.client.ClientPlan;
import org.plenum.bench.client.LoadClient;
import org.plenum.bench.client.LoadCounts;
import org.plenum.bench.client.MediaSource;
import org.plenum.bench.client.Negotiated;
import org.plenum.bench.client.RelayUser;
import org.plenum.bench.proc.ProcessUsage;
import org.plenum.bench.signaling.AnswerText;
import org.plenum.bench.signaling.ClientSignaling;
import org.plenum.bench.signaling.OfferText;
import org.plenum.ice.agent.IceCredentials;
import org.plenum.sfu.srtp.SrtpFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One run from the first client's joining to the result: ramp, warm-up, measured window, and a
/// pause in which the last packets come.
final class LoadRun implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LoadRun.class);

  /// Clients that join at the same time: the server does twice its cores of handshakes at once.
  private static final int JOINING_AT_ONCE = 8;

  private static final long CONNECT_SECONDS = 30;

  /// For retransmissions of the window's last packets.
  private static final long DRAIN_MILLIS = 700;

  private static final String WORKERS = "plenum-worker";
  private static final String LOOPS = "plenum-load";

  private final LoadSettings settings;
  private final ClientSignaling signaling;
  private final ClientFactory factory;
  private final List<LoadLoop> loops = new ArrayList<>();
  private final ConcurrentLinkedQueue<ClientSignaling.Session> sessions =
      new ConcurrentLinkedQueue<>();
  private final List<Long> joinNanos = Collections.synchronizedList(new ArrayList<>());

  LoadRun(LoadSettings settings, ClientSignaling signaling) throws IOException {
    this.settings = settings;
    this.signaling = signaling;
    this.factory = new ClientFactory(settings.options());
    SrtpFactory srtp = SrtpFactory.selfTested();
    for (int i = 0; i < settings.threads(); i++) {
      loops.add(new LoadLoop(i, factory, srtp));
    }
    loops.forEach(LoadLoop::start);
  }

  /// Runs it all.
  ///
  /// @throws IOException if a client could not join, or the server's process is not there
  LoadResult run() throws IOException, InterruptedException {
    return run(() -> {}, () -> {});
  }

  /// Runs it all, and other measurements at both ends of the window.
  LoadResult run(Runnable atBegin, Runnable atEnd) throws IOException, InterruptedException {
    ProcessUsage idle = serverUsage();
    join(settings.shape().plans(Long.toString(System.nanoTime(), 36)));
    LOG.info("{}: all clients connected", settings.shape());
    Thread.sleep(Math.round(settings.warmUpSeconds() * 1000));
    Moment before = moment();
    atBegin.run();
    loops.forEach(loop -> loop.measure(true));
    Thread.sleep(Math.round(settings.seconds() * 1000));
    loops.forEach(loop -> loop.measure(false));
    atEnd.run();
    Moment after = moment();
    Thread.sleep(DRAIN_MILLIS);
    return result(idle, before, after);
  }

  private void join(List<ClientPlan> plans) throws IOException, InterruptedException {
    var permits = new Semaphore(JOINING_AT_ONCE);
    var failures = new ConcurrentLinkedQueue<Exception>();
    long start = System.nanoTime();
    try (var joining = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < plans.size() && failures.isEmpty(); i++) {
        pace(i, start);
        permits.acquire();
        ClientPlan plan = plans.get(i);
        LoadLoop loop = loops.get(i % loops.size());
        var _ =
            joining.submit(
                () -> {
                  try {
                    join(plan, loop);
                  } catch (Exception e) {
                    failures.add(e);
                  } finally {
                    permits.release();
                  }
                });
      }
    }
    Exception failure = failures.peek();
    if (failure != null) {
      throw new IOException(failures.size() + " clients could not join: " + failure, failure);
    }
  }

  private void pace(int number, long startNanos) throws InterruptedException {
    if (settings.joinsPerSecond() > 0) {
      long due = startNanos + (long) (number / settings.joinsPerSecond() * 1e9);
      long left = due - System.nanoTime();
      if (left > 0) {
        TimeUnit.NANOSECONDS.sleep(left);
      }
    }
  }

  private void join(ClientPlan plan, LoadLoop loop)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    long start = System.nanoTime();
    IceCredentials local = IceCredentials.random();
    List<MediaSource> own = factory.sources(plan);
    ClientSignaling.Session session = signaling.join(plan, offer(plan, local, own));
    sessions.add(session);
    Negotiated negotiated = AnswerText.read(session.answer());
    LoadClient client =
        factory.create(
            loop.scratch(), local, negotiated, own, relay(session), loop::post, System::nanoTime);
    loop.add(client);
    client.connected().get(CONNECT_SECONDS, TimeUnit.SECONDS);
    joinNanos.add(System.nanoTime() - start);
  }

  /// Null if all goes without one.
  private @Nullable RelayUser relay(ClientSignaling.Session session) {
    if (!settings.relayed()) {
      return null;
    }
    RelayUser user = session.relay();
    if (user == null) {
      throw new IllegalStateException(
          "--relay: the server named no TURN server (turn.own, --protocol websocket)");
    }
    return user;
  }

  private String offer(ClientPlan plan, IceCredentials local, List<MediaSource> own) {
    // As fast as it goes means that no estimate holds anything back.
    boolean transportCc = factory.options().window() == 0;
    var offer = new OfferText(local, factory.fingerprint(), factory.options().shape(), transportCc);
    for (MediaSource source : own) {
      offer.track(source.isVideo() ? "1" : "0", source.isVideo(), source.ssrc(), source.rtxSsrc());
    }
    for (int i = 0; i < plan.seats(); i++) {
      if (settings.options().audio()) {
        offer.slot("a" + i, false);
      }
      if (settings.options().video()) {
        offer.slot("v" + i, true);
      }
    }
    return offer.build();
  }

  /// Both processes at one time, and how many packets had come.
  private record Moment(
      long nanos, long packets, @Nullable ProcessUsage server, ProcessUsage load) {}

  private long packetsReceived() {
    long packets = 0;
    for (LoadLoop loop : loops) {
      packets += loop.rtpReceived();
    }
    return packets;
  }

  private Moment moment() throws IOException {
    return new Moment(
        System.nanoTime(),
        packetsReceived(),
        serverUsage(),
        ProcessUsage.of(ProcessHandle.current().pid(), LOOPS));
  }

  private @Nullable ProcessUsage serverUsage() throws IOException {
    return settings.serverPid() == 0 ? null : ProcessUsage.of(settings.serverPid(), WORKERS);
  }

  private LoadResult result(@Nullable ProcessUsage idle, Moment before, Moment after) {
    var counts = new LoadCounts();
    var delays = new Histogram(3);
    var lateness = new Histogram(3);
    long overflow = 0;
    for (LoadLoop loop : loops) {
      loop.addTo(counts, delays, lateness);
      overflow += loop.receiveOverflow();
    }
    var joins = new Histogram(3);
    joinNanos.forEach(joins::recordValue);
    double nanos = after.nanos() - before.nanos();
    double packets = Math.max(1, after.packets() - before.packets());
    double loop = after.load().threadNanos() - before.load().threadNanos();
    return new LoadResult(
        settings.shape().toString(),
        settings.options().profile().name(),
        settings.protocol().name(),
        nanos / 1e9,
        counts.clients,
        100.0 * counts.delivered / Math.max(1, counts.expected),
        counts.isSound(),
        packets / nanos * 1e9,
        percentiles(delays),
        percentiles(lateness),
        percentiles(joins),
        server(idle, before, after, nanos, packets),
        new LoadResult.Load(
            (after.load().cpuNanos() - before.load().cpuNanos()) / packets / 1e3,
            loop / packets / 1e3,
            100.0 * loop / nanos,
            overflow),
        details(counts));
  }

  private static LoadResult.@Nullable Server server(
      @Nullable ProcessUsage idle, Moment before, Moment after, double nanos, double packets) {
    ProcessUsage from = before.server();
    ProcessUsage to = after.server();
    if (idle == null || from == null || to == null) {
      return null;
    }
    double cpu = to.cpuNanos() - from.cpuNanos();
    double worker = to.threadNanos() - from.threadNanos();
    return new LoadResult.Server(
        cpu / packets / 1e3,
        worker / packets / 1e3,
        100 * worker / nanos,
        100 * cpu / nanos,
        to.residentBytes() / 1048576.0,
        idle.residentBytes() / 1048576.0,
        to.threads(),
        idle.threads(),
        to.descriptors(),
        idle.descriptors());
  }

  private static LoadResult.Delays percentiles(Histogram nanos) {
    return new LoadResult.Delays(
        nanos.getValueAtPercentile(50) / 1e6,
        nanos.getValueAtPercentile(99) / 1e6,
        nanos.getValueAtPercentile(99.9) / 1e6,
        nanos.getMaxValue() / 1e6);
  }

  private static LoadResult.Details details(LoadCounts c) {
    return new LoadResult.Details(
        c.expected,
        c.delivered,
        c.received,
        c.recovered,
        c.missing,
        c.duplicates,
        c.reordered,
        c.damaged,
        c.misnumbered,
        c.splices,
        c.nacksSent,
        c.retransmitted,
        c.nacksUnanswered,
        c.keyFrames,
        c.datagramsOfNoUse,
        c.beforeKeys);
  }

  /// Every client leaves.
  @Override
  public void close() {
    loops.forEach(LoadLoop::close);
    List<CompletableFuture<Void>> leaving = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (ClientSignaling.Session session : sessions) {
        leaving.add(CompletableFuture.runAsync(session::leave, threads));
      }
    }
    CompletableFuture.allOf(leaving.toArray(CompletableFuture[]::new)).join();
  }
}
