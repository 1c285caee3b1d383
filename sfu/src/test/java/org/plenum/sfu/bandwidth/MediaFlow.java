package org.plenum.sfu.bandwidth;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// A viewer's stream under the estimator: sound at 40 kb/s, video frames as the estimator's target
/// allows, a pacer, probes of padding; and at the far end a receiver that sends transport-cc like
/// feedback through a link of its own.
final class MediaFlow {
  private static final int PACKET = 1_200;
  private static final int SOUND = 100;
  private static final double SOUND_BPS = 40_000;
  private static final long TICK = 250_000;

  private record Sent(long at, int bytes, int probe) {}

  private record Report(long number, long arrival) {}

  private record Queued(int bytes, long since) {}

  /// What the source would send for a target: an encoder follows it, layers go by steps.
  interface Source {
    double rateFor(double targetBps);
  }

  private final Simulation time;
  private final Link forward;
  private final Link backward;
  private final Random random;
  final BandwidthEstimator estimator;
  private final long delay;
  private final List<Sent> sent = new ArrayList<>();
  private final ArrayDeque<Queued> pacer = new ArrayDeque<>();
  private final List<Report> unreported = new ArrayList<>();
  private final Probe probe = new Probe();
  private Source source;
  private double maxBps = Double.POSITIVE_INFINITY;
  private long receiverNext;
  private long reportedUpTo;
  private int probeId = Probe.NONE;
  private int probeBytes;
  private int probePackets;
  private boolean pacing;
  private boolean paused;
  private boolean stopped;
  private long feedbackMillis = 60;
  private long arrivalOffset = 12_345_678_912_345L;

  final Series target = new Series();
  final Series receivedBits = new Series();
  final Series sentBits = new Series();
  final Series pacerMillis = new Series();
  int probesSent;
  long lost;

  MediaFlow(Simulation time, long seed, Link forward, Link backward, double delayMillis) {
    this(time, seed, forward, backward, delayMillis, 300_000, 20_000_000);
  }

  MediaFlow(
      Simulation time,
      long seed,
      Link forward,
      Link backward,
      double delayMillis,
      long startBps,
      long maxBps) {
    this.time = time;
    this.forward = forward;
    this.backward = backward;
    this.random = new Random(seed);
    delay = (long) (delayMillis * 1e6);
    estimator = new BandwidthEstimator(startBps, 50_000, maxBps, time.now());
    source = bps -> Math.max(30_000, Math.min(this.maxBps, bps) - SOUND_BPS);
  }

  /// What the source could use at most.
  MediaFlow demand(double bps) {
    maxBps = bps;
    estimator.onDemand((long) bps, time.now());
    return this;
  }

  /// The source is a publisher's layers: the highest that fits is forwarded.
  MediaFlow layers(double... bps) {
    source =
        allowed -> {
          double best = 0;
          for (double layer : bps) {
            best = layer + SOUND_BPS <= allowed ? layer : best;
          }
          return best;
        };
    return demand(bps[bps.length - 1] + SOUND_BPS);
  }

  MediaFlow feedbackEvery(long millis) {
    feedbackMillis = millis;
    return this;
  }

  MediaFlow startAt(double seconds) {
    time.at((long) (seconds * 1e9), this::start);
    return this;
  }

  MediaFlow stopAt(double seconds) {
    time.at((long) (seconds * 1e9), () -> stopped = true);
    return this;
  }

  MediaFlow pause(double from, double until) {
    time.at((long) (from * 1e9), () -> paused = true);
    time.at((long) (until * 1e9), () -> paused = false);
    return this;
  }

  private void start() {
    time.every(20 * Simulation.MILLIS, () -> transmit(SOUND, Probe.NONE));
    time.in((long) (random.nextDouble() * 33e6), this::frame);
    time.every(10 * Simulation.MILLIS, this::observe);
    time.in(feedbackMillis * Simulation.MILLIS, this::feedback);
  }

  private void observe() {
    if (time.now() - estimator.nextTimeoutNanos() >= 0) {
      estimator.onTimeout(time.now());
      if (time.now() - estimator.nextTimeoutNanos() >= 0) {
        throw new AssertionError("a timer that is due has run and is due again");
      }
    }
    target.add(time.seconds(), estimator.targetBps());
    wakePacer();
  }

  private void frame() {
    if (stopped) {
      return;
    }
    double rate = source.rateFor(estimator.targetBps());
    // A layer's or an encoder's frames vary; what waits already is taken off the next ones.
    int bytes = (int) (rate / 30 / 8 * (0.7 + 0.6 * random.nextDouble()));
    double waiting = pacer.stream().mapToInt(Queued::bytes).sum();
    if (!paused && waiting * 8 < rate * 0.25) {
      for (int left = bytes; left > 0; left -= PACKET) {
        pacer.add(new Queued(Math.min(left, PACKET), time.now()));
      }
    }
    wakePacer();
    time.in(33_333_333, this::frame);
  }

  private void wakePacer() {
    if (!pacing && !stopped) {
      pace();
    }
  }

  private void pace() {
    if (probeId == Probe.NONE && estimator.takeProbe(probe, time.now())) {
      probeId = probe.id();
      probeBytes = 0;
      probePackets = 0;
      probesSent++;
    }
    if (probeId != Probe.NONE && estimator.shouldStopProbe()) {
      estimator.onProbeStopped(probeId, probePackets, probeBytes);
      probeId = Probe.NONE;
    }
    Queued next = pacer.poll();
    if (next == null && probeId == Probe.NONE) {
      pacing = false;
      return;
    }
    int bytes = next == null ? padding() : next.bytes;
    if (next != null) {
      pacerMillis.add(time.seconds(), (time.now() - next.since) / 1e6);
    }
    double rate = probeId == Probe.NONE ? estimator.pacingBps() : probe.rateBps();
    transmit(bytes, probeId);
    if (probeId != Probe.NONE) {
      probeBytes += bytes;
      if (++probePackets >= probe.minPackets() && probeBytes >= probe.minBytes()) {
        probeId = Probe.NONE;
      }
    }
    pacing = true;
    time.in((long) (bytes * 8e9 / rate), this::pace);
  }

  private int padding() {
    return Math.clamp(probe.minBytes() / probe.minPackets(), 200, PACKET);
  }

  private void transmit(int bytes, int probeOf) {
    if (stopped || paused) {
      return;
    }
    long number = sent.size();
    sent.add(new Sent(time.now(), bytes, probeOf));
    estimator.onSent(bytes, time.now());
    sentBits.add(time.seconds(), bytes * 8.0);
    forward.send(bytes, delay, () -> arrive(number, bytes), () -> lost++);
  }

  private void arrive(long number, int bytes) {
    receivedBits.add(time.seconds(), bytes * 8.0);
    unreported.add(new Report(number, (time.now() + arrivalOffset) / TICK * TICK));
  }

  private void feedback() {
    if (!unreported.isEmpty()) {
      var reports = List.copyOf(unreported);
      unreported.clear();
      int bytes = 60 + 2 * reports.size();
      long base = receiverNext;
      receiverNext = reports.getLast().number + 1;
      backward.send(bytes, delay, () -> onFeedback(base, reports), () -> {});
    }
    time.in(feedbackMillis * Simulation.MILLIS, this::feedback);
  }

  /// Reads a feedback message as the server does: what lies before it unspoken of was lost with a
  /// message, what lies between two packets it tells of was lost on the path.
  private void onFeedback(long base, List<Report> reports) {
    estimator.beginFeedback(time.now());
    long next = reportedUpTo;
    for (; next < base; next++) {
      estimator.onUnreported(sent.get((int) next).bytes);
    }
    for (Report report : reports) {
      for (; next < report.number; next++) {
        estimator.onLost(sent.get((int) next).at, sent.get((int) next).bytes);
      }
      next = Math.max(next, report.number + 1);
      Sent packet = sent.get((int) report.number);
      estimator.onReceived(packet.at, report.arrival, packet.bytes, packet.probe);
    }
    reportedUpTo = next;
    estimator.endFeedback();
    wakePacer();
  }

  /// Bits per second that came through.
  double received(double from, double to) {
    return receivedBits.sum(from, to) / (to - from);
  }
}
