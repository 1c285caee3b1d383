package org.plenum.bench.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.plenum.bench.client.ClientFactory;
import org.plenum.bench.client.ClientPlan;
import org.plenum.bench.client.LoadCounts;
import org.plenum.bench.client.Presence;
import org.plenum.bench.proc.ProcessUsage;
import org.plenum.bench.signaling.ClientSignaling;
import org.plenum.sfu.srtp.SrtpFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One run from the first client's joining to the result: ramp or steps, warm-up, measured window,
/// and a pause in which the last packets come.
final class LoadRun implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LoadRun.class);

  /// Clients that join at the same time: the server does twice its cores of handshakes at once.
  private static final int JOINING_AT_ONCE = 8;

  private final LoadSettings settings;
  private final Course course;
  private final Processes processes;
  private final @Nullable BrowserViewers browsers;
  private final Entrance entrance;
  private final List<LoadLoop> loops = new ArrayList<>();
  private final List<Member> members = Collections.synchronizedList(new ArrayList<>());
  private final Series series;
  private final long epochNanos = System.nanoTime();

  LoadRun(LoadSettings settings, ClientSignaling signaling) throws IOException {
    this(settings, signaling, null);
  }

  /// @param browsers that come once all clients are there, before the window; null for none. The
  ///     caller closes them.
  LoadRun(LoadSettings settings, ClientSignaling signaling, @Nullable BrowserViewers browsers)
      throws IOException {
    this.browsers = browsers;
    this.settings = settings;
    this.course = settings.course();
    this.processes = new Processes(settings.serverPid());
    var factory = new ClientFactory(settings.options());
    this.entrance = new Entrance(settings, signaling, factory);
    SrtpFactory srtp = SrtpFactory.selfTested();
    for (int i = 0; i < settings.threads(); i++) {
      loops.add(new LoadLoop(i, factory, srtp, epochNanos));
    }
    this.series = new Series(loops, processes, epochNanos);
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
    ProcessUsage idle = processes.server();
    series.start();
    String run = Long.toString(System.nanoTime(), 36);
    gather(plans(run));
    LOG.info("{}: all clients connected", settings.shape());
    TimeUnit.NANOSECONDS.sleep(Presence.NOTICE_NANOS);
    if (browsers != null) {
      browsers.begin("load-" + run + "-browsers");
    }
    atBegin.run();
    Moment before = moment();
    Moment after;
    LoadResult.@Nullable Browsers seen;
    try (Churn churn = new Churn(entrance, members, course.churnPerSecond())) {
      loops.forEach(loop -> loop.measure(true));
      churn.run(course.seconds());
      loops.forEach(loop -> loop.measure(false));
      after = moment();
      atEnd.run();
      seen = browsers == null ? null : browsers.end();
      series.close();
    }
    Thread.sleep(Entrance.DRAIN_MILLIS);
    return result(idle, before, after, seen);
  }

  private List<ClientPlan> plans(String run) {
    return settings.protocol() == LoadSettings.Protocol.ELSEWHERE
        ? settings.shape().plansOfOneEach(run)
        : settings.shape().plans(run);
  }

  /// All clients come, and count afterwards.
  private void gather(List<ClientPlan> plans) throws IOException, InterruptedException {
    Course.Steps steps = course.steps();
    if (steps == null) {
      join(plans);
      sleep(course.warmUpSeconds());
      return;
    }
    for (int from = 0; from < plans.size(); from += steps.clients()) {
      int to = Math.min(plans.size(), from + steps.clients());
      join(plans.subList(from, to));
      sleep(course.warmUpSeconds());
      series.beginStep();
      sleep(steps.seconds() - course.warmUpSeconds());
      series.endStep();
      LOG.info("{} of {} clients", to, plans.size());
    }
  }

  private static void sleep(double seconds) throws InterruptedException {
    Thread.sleep(Math.round(seconds * 1000));
  }

  private void join(List<ClientPlan> plans) throws IOException, InterruptedException {
    if (settings.protocol() == LoadSettings.Protocol.ELSEWHERE) {
      // There may be no stream to view before somebody sends it.
      joinAtOnce(plans.stream().filter(ClientPlan::publishes).toList());
      joinAtOnce(plans.stream().filter(plan -> !plan.publishes()).toList());
    } else {
      joinAtOnce(plans);
    }
  }

  private void joinAtOnce(List<ClientPlan> plans) throws IOException, InterruptedException {
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
                    members.add(entrance.enter(plan, loop));
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
    if (course.joinsPerSecond() > 0) {
      long due = startNanos + (long) (number / course.joinsPerSecond() * 1e9);
      long left = due - System.nanoTime();
      if (left > 0) {
        TimeUnit.NANOSECONDS.sleep(left);
      }
    }
  }

  /// Both processes at one time, and how many packets had come.
  private record Moment(
      long nanos, long packets, @Nullable ProcessUsage server, ProcessUsage load) {}

  private Moment moment() throws IOException {
    long packets = 0;
    for (LoadLoop loop : loops) {
      packets += loop.rtpReceived();
    }
    return new Moment(System.nanoTime(), packets, processes.server(), processes.load());
  }

  private LoadResult result(
      @Nullable ProcessUsage idle,
      Moment before,
      Moment after,
      LoadResult.@Nullable Browsers seen) {
    var counts = new LoadCounts();
    var delays = new Histogram(3);
    var lateness = new Histogram(3);
    long overflow = 0;
    for (LoadLoop loop : loops) {
      loop.addTo(counts, delays, lateness);
      overflow += loop.receiveOverflow();
    }
    double nanos = after.nanos() - before.nanos();
    double packets = Math.max(1, after.packets() - before.packets());
    ProcessUsage from = before.server();
    ProcessUsage to = after.server();
    return new LoadResult(
        settings.shape().toString(),
        settings.options().profile().name(),
        settings.protocol().name(),
        nanos / 1e9,
        (before.nanos() - epochNanos) / 1e9,
        counts.clients,
        counts.left,
        100.0 * counts.delivered / Math.max(1, counts.expected),
        counts.isSound(),
        packets / nanos * 1e9,
        LoadResult.Delays.of(delays),
        LoadResult.Delays.of(lateness),
        LoadResult.Delays.of(entrance.joinNanos()),
        idle == null || from == null || to == null
            ? null
            : LoadResult.Server.of(idle, from, to, nanos, packets),
        LoadResult.Load.of(before.load(), after.load(), nanos, packets, overflow),
        LoadResult.Details.of(counts),
        series.steps(),
        series.seconds(),
        seen);
  }

  /// Every client leaves.
  @Override
  public void close() {
    series.close();
    loops.forEach(LoadLoop::close);
    entrance.close();
  }
}
