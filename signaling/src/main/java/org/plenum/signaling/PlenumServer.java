package org.plenum.signaling;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.plenum.broadcast.live.Broadcasts;
import org.plenum.broadcast.live.DvrStore;
import org.plenum.broadcast.live.Recordings;
import org.plenum.cluster.Cluster;
import org.plenum.ice.candidate.Candidate;
import org.plenum.ice.port.ByteStream;
import org.plenum.metrics.Metrics;
import org.plenum.metrics.Readiness;
import org.plenum.metrics.Readiness.Condition;
import org.plenum.metrics.SfuMetrics;
import org.plenum.sfu.NodeLine;
import org.plenum.sfu.RoomHandle;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.RoomNodes;
import org.plenum.sfu.RoomObserver;
import org.plenum.sfu.RoomSettings;
import org.plenum.sfu.SfuCounter;
import org.plenum.sfu.counters.WorkerCounters;
import org.plenum.sfu.embed.Sfu;
import org.plenum.sfu.embed.SfuCounters;
import org.plenum.sfu.worker.AdvertisedNames;
import org.plenum.sfu.worker.Groundwork;
import org.plenum.signaling.admin.Api;
import org.plenum.signaling.bucket.Bucket;
import org.plenum.signaling.bucket.BucketSettings;
import org.plenum.signaling.clock.ClockWatch;
import org.plenum.signaling.config.KeySource;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.data.DataDirectory;
import org.plenum.signaling.http.Answerers;
import org.plenum.signaling.http.ManagementServer;
import org.plenum.signaling.http.WebServer;
import org.plenum.signaling.limit.BitrateWatch;
import org.plenum.signaling.memory.HeapWatch;
import org.plenum.signaling.nodes.Nodes;
import org.plenum.signaling.nodes.RoomBranches;
import org.plenum.signaling.nodes.RoutedLive;
import org.plenum.signaling.nodes.RoutedRequests;
import org.plenum.signaling.nodes.RoutedRules;
import org.plenum.signaling.nodes.RoutedSockets;
import org.plenum.signaling.nodes.RoutedStore;
import org.plenum.signaling.protocol.TurnServer;
import org.plenum.signaling.recording.RecordingStore;
import org.plenum.signaling.recording.RecordingSweep;
import org.plenum.signaling.recording.RecordingUploads;
import org.plenum.signaling.relay.TurnProbe;
import org.plenum.signaling.session.OfferNegotiator;
import org.plenum.signaling.session.RoomOpener;
import org.plenum.signaling.session.Signaling;
import org.plenum.signaling.session.SignalingCounters;
import org.plenum.signaling.session.SystemTimers;
import org.plenum.signaling.session.Timers;
import org.plenum.signaling.store.FileRequests;
import org.plenum.signaling.store.LiveSource;
import org.plenum.signaling.store.RecordingRequests;
import org.plenum.signaling.store.RoomRulesNow;
import org.plenum.signaling.token.Access;
import org.plenum.signaling.token.KeyRing;
import org.plenum.signaling.token.LiveLinks;
import org.plenum.signaling.token.LiveRooms;
import org.plenum.signaling.webhook.HttpSender;
import org.plenum.signaling.webhook.Webhooks;
import org.plenum.signaling.whip.Whip;
import org.plenum.signaling.whip.WhipProtocol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The whole server: SFU, signaling, page, metrics.
public final class PlenumServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PlenumServer.class);

  /// How often a draining server checks whether everybody has left.
  private static final long DRAIN_LOOK_MILLIS = 100;

  /// How often advertised names are looked up: as long as the addresses of cloud load balancers may
  /// be kept by others.
  private static final long RESOLVE_NANOS = 60_000_000_000L;

  private final Readiness readiness;
  private final Signaling signaling;
  private final Whip whip;
  private final ManagementServer management;
  private final WebServer web;
  private final Parts parts;
  private final @Nullable Nodes nodes;
  private final CountDownLatch drainOver = new CountDownLatch(1);

  private PlenumServer(
      Readiness readiness,
      Signaling signaling,
      Whip whip,
      ManagementServer management,
      WebServer web,
      Parts parts,
      @Nullable Nodes nodes) {
    this.readiness = readiness;
    this.signaling = signaling;
    this.whip = whip;
    this.management = management;
    this.web = web;
    this.parts = parts;
    this.nodes = nodes;
  }

  /// Returns when it is ready. Throws IllegalStateException with one sentence if it cannot start,
  /// e.g. because a port is in use.
  public static PlenumServer start(ServerConfig config) {
    return start(config, null);
  }

  /// Takes new keys of tokens while it runs.
  ///
  /// @param keys where they come from; null: they stay what they are
  public static PlenumServer start(ServerConfig config, @Nullable KeySource keys) {
    return start(config, keys, Groundwork.begin());
  }

  /// Takes new keys of tokens while it runs.
  ///
  /// @param keys where they come from; null: they stay what they are
  /// @param groundwork of the SFU, begun before
  static PlenumServer start(ServerConfig config, @Nullable KeySource keys, Groundwork groundwork) {
    return start(config, keys, startup -> startSfu(startup, groundwork), JsepNegotiator::new);
  }

  /// With another SFU: for tests.
  static PlenumServer start(
      ServerConfig config,
      Function<Startup, RoomOpener> sfu,
      Supplier<OfferNegotiator> negotiators) {
    return start(config, null, sfu, negotiators);
  }

  private static PlenumServer start(
      ServerConfig config,
      @Nullable KeySource keys,
      Function<Startup, RoomOpener> sfu,
      Supplier<OfferNegotiator> negotiators) {
    Parts parts = new Parts();
    try {
      Metrics metrics = parts.add(new Metrics());
      SystemTimers timers = parts.add(new SystemTimers());
      Readiness readiness = new Readiness();
      HeapWatch heap =
          parts.add(
              HeapWatch.start(
                  () -> readiness.lost(Condition.HEAP_FREE),
                  () -> readiness.met(Condition.HEAP_FREE)));
      metrics.bind(heap);
      var overload = new Overload();
      overload.add("this server has no memory for more participants", heap::isFull);
      ManagementServer management =
          parts.add(ManagementServer.start(config, metrics, readiness, timers));
      InstantSource clock = InstantSource.system();
      // Before the SFU, and so closed after it: the last events are those of its rooms closing.
      Path events = config.events().directory();
      Path data = events == null ? config.recordings().directory() : events;
      if (data != null) {
        parts.add(DataDirectory.open(data));
        metrics.bind(new DiskMetrics(data));
      }
      HttpSender sender = parts.add(new HttpSender());
      KeyRing ring = new KeyRing(config.auth().keys());
      if (keys != null) {
        KeyWatch.start(keys, ring, timers);
      }
      Webhooks webhooks = parts.add(Webhooks.start(config, ring, sender, timers, clock));
      metrics.bind(new WebhookMetrics(webhooks));
      var load = new WorkerLoad(timers::nowNanos);
      RoomOpener rooms =
          sfu.apply(new Startup(config, metrics, readiness, parts, timers, overload, load));
      Access access = Access.of(config.auth(), ring, config.events().directory(), clock);
      if (!access.requiresTokens()) {
        LOG.warn(
            "DEVELOPMENT MODE: no keys are configured, so anyone who reaches this server may enter"
                + " any room. Set auth.keys before others can reach it.");
      }
      Cluster cluster = Clustering.join(config, clock);
      if (cluster != null) {
        readiness.lost(Condition.NODES_SEEN);
        parts.add(cluster);
      }
      Signaling signaling =
          parts.add(
              new Signaling(
                  rooms, negotiators, config, access, webhooks.watch(), timers, clock, cluster));
      signaling.refuseWhile(overload::reason);
      TurnServer turn = config.turn();
      if (turn != null) {
        signaling.relayBy(turn);
      }
      TurnProbe relays = new TurnProbe();
      metrics.bind(new TurnMetrics(relays));
      if (turn != null) {
        relays.watch(turn, timers, clock);
      }
      SignalingMetrics signals = new SignalingMetrics(signaling);
      metrics.bind(signals);
      metrics.show(signals.joins());
      Whip whip = new Whip(signaling);
      metrics.bind(new WhipMetrics(whip));
      // Closed before the rooms are, so that none of them has an observer left.
      var egress = new EgressEvents(signaling.rooms(), webhooks, clock);
      Broadcasts broadcasts = parts.add(new Broadcasts(egress, dvr(config)));
      RecordingStore recordings = recordings(config.recordings(), clock);
      Recordings recorded = null;
      if (recordings != null) {
        parts.add(recordings);
        RecordingUploads uploads = recordings.uploads();
        if (uploads != null) {
          metrics.bind(new UploadMetrics(recordings, uploads));
        }
        var names = new ParticipantNames(signaling.rooms());
        recorded =
            parts.add(
                new Recordings(
                    room -> recordings.rooms().make(room, who -> names.of(room, who)), egress));
        parts.add(RecordingSweep.start(recordings, new ClockWatch(clock)));
      }
      metrics.bind(new BroadcastMetrics(broadcasts, recorded));
      var handOver = new EgressHandOver(broadcasts, recorded);
      signaling.rooms().watchEgress(handOver::onOpenedAgain, handOver::onGivenAway);
      var live = new LiveRooms(broadcasts, new LiveLinks(ring, config.auth().signedLive(), clock));
      Api api = new Api(signaling, live, recorded, webhooks.journal());
      RoomRulesNow ownRules =
          (wish, room, token, _) ->
              switch (wish) {
                case RECORD -> signaling.mayRecord(room, token);
                case SEND_FILES -> signaling.maySendFiles(room, token);
              };
      Nodes nodes = null;
      ServerConfig.Node node = config.cluster();
      if (cluster != null && node != null) {
        nodes =
            new Nodes(
                cluster,
                signaling,
                node,
                config.media().advertised(),
                load,
                config.drain().toNanos(),
                timers,
                clock,
                () -> readiness.lost(Condition.NODES_SEEN),
                () -> readiness.met(Condition.NODES_SEEN));
        metrics.bind(new ClusterMetrics(cluster, nodes));
        api.begin(nodes);
      }
      RoomRulesNow rules = nodes == null ? ownRules : new RoutedRules(nodes, signaling, ownRules);
      var recordingRequests =
          new RecordingRequests(recordings, access, rules, clock, signaling.counters());
      var fileRequests =
          new FileRequests(
              recordings, config.recordings().bytesOfFile(), access, rules, signaling.counters());
      var answerers =
          new Answerers(
              signaling::connect,
              api::answer,
              whip::answer,
              recordingRequests::answer,
              fileRequests::answer,
              LiveSource.of(broadcasts));
      if (nodes != null && node != null) {
        var requests = new RoutedRequests(nodes, api::answer, whip::answer);
        answerers =
            new Answerers(
                new RoutedSockets(nodes, signaling),
                requests::api,
                requests::whip,
                new RoutedStore(nodes, "recordings", recordingRequests)::answer,
                new RoutedStore(nodes, "files", fileRequests)::answer,
                new RoutedLive(nodes, broadcasts));
        var branches = new RoomBranches(nodes, rooms);
        rooms.spreadOver(branches, node.roomNodes() - 1, config.relayHost(node));
        nodes.begin();
      }
      WebServer web =
          parts.add(
              WebServer.start(
                  config, signaling, rooms, answerers, recordings != null, live, timers));
      readiness.met(Condition.HTTP_BOUND);
      return new PlenumServer(readiness, signaling, whip, management, web, parts, nodes);
    } catch (RuntimeException e) {
      parts.close();
      throw e;
    }
  }

  /// The bound port of the page and the WebSocket.
  public int httpPort() {
    return web.port();
  }

  /// The bound port of the metrics.
  public int managementPort() {
    return management.port();
  }

  /// Signaling's counters.
  public SignalingCounters counters() {
    return signaling.counters();
  }

  /// Lets calls end: opens no new rooms and tells the clients. Returns when everybody has
  /// left, the time is up, or [#endDrain] is called; the server still runs.
  ///
  /// @param grace zero: returns at once
  public void drain(Duration grace) throws InterruptedException {
    readiness.lost(Condition.NOT_STOPPING);
    if (nodes != null) {
      LOG.info("handed {} rooms to other nodes", nodes.drain());
      awaitLeaving();
    }
    if (grace.isZero() || sessions() == 0) {
      return;
    }
    LOG.info("draining: {} sessions have {} s to end", sessions(), grace.toSeconds());
    signaling.drain(grace.toNanos());
    long until = System.nanoTime() + grace.toNanos();
    while (sessions() > 0
        && until - System.nanoTime() > 0
        && !drainOver.await(DRAIN_LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
      // somebody is here, and may be
    }
    LOG.info("drained: {} sessions are left", sessions());
  }

  /// Until the clients of rooms that were handed over are where these are now: soon, or when the
  /// time for it is up.
  private void awaitLeaving() throws InterruptedException {
    while (signaling.leavingCount() > 0
        && !drainOver.await(DRAIN_LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
      // somebody is on the way
    }
  }

  /// Ends the drain that is going on, and any later one, at once. Any thread.
  public void endDrain() {
    drainOver.countDown();
  }

  private int sessions() {
    return signaling.sessionCount()
        + whip.sessionCount(WhipProtocol.WHIP)
        + whip.sessionCount(WhipProtocol.WHEP);
  }

  /// Closes the sockets, so that clients come back, then the rooms and ports; idempotent.
  @Override
  public void close() {
    readiness.lost(Condition.NOT_STOPPING);
    parts.close();
  }

  private static @Nullable DvrStore dvr(ServerConfig config) {
    Path data = config.recordings().directory();
    ServerConfig.Live live = config.live();
    return data == null || live.dvrMinutes() == 0
        ? null
        : DvrStore.open(
            data.resolve("live"), Duration.ofMinutes(live.dvrMinutes()), live.dvrBytes());
  }

  private static @Nullable RecordingStore recordings(
      ServerConfig.Recordings config, InstantSource clock) {
    if (config.directory() == null) {
      return null;
    }
    var limits =
        new RecordingStore.Limits(
            config.bytesOfRoom(), config.bytes(), Duration.ofDays(config.days()));
    BucketSettings bucket = config.bucket();
    return RecordingStore.open(
        config.directory(),
        limits,
        clock,
        System::nanoTime,
        bucket == null ? null : new Bucket(bucket));
  }

  private static RoomOpener startSfu(Startup startup, Groundwork groundwork) {
    Sfu sfu = startup.parts().add(Sfu.start(startup.config().sfu(), groundwork));
    SfuMetrics measured = new SfuMetrics(sfu.counters());
    startup.metrics().bind(measured);
    measured.histograms().forEach(startup.metrics()::show);
    startup.readiness().met(Condition.CRYPTO_TESTED);
    startup.readiness().met(Condition.CERTIFICATE_MADE);
    startup.readiness().met(Condition.MEDIA_PORTS_BOUND);
    watchBitrate(startup, sfu.counters());
    List<WorkerCounters> workers = sfu.counters().workers();
    startup
        .load()
        .watch(() -> workers.stream().mapToLong(WorkerCounters::busyNanos).sum(), workers.size());
    LOG.info("media on UDP ports {}", sfu.ports());
    List<String> advertised = startup.config().media().advertised();
    if (advertised.stream().anyMatch(AdvertisedNames::isName)) {
      startup.timers().after(RESOLVE_NANOS, () -> resolveAgain(sfu, startup.timers()));
    }
    return new SfuRooms(sfu);
  }

  private record SfuRooms(Sfu sfu) implements RoomOpener {
    @Override
    public RoomHandle open(RoomId id, RoomSettings settings, RoomObserver observer) {
      return sfu.openRoom(id, settings, observer);
    }

    @Override
    public boolean takesRooms() {
      return sfu.takesRooms();
    }

    @Override
    public List<Candidate> lendRelay(String identity) {
      return sfu.lendRelay(identity);
    }

    @Override
    public void spreadOver(RoomNodes nodes, int most, InetAddress host) {
      sfu.spreadOver(nodes, most, host);
    }

    @Override
    public NodeLine.@Nullable Listener host(NodeLine line) {
      return sfu.host(line);
    }

    @Override
    public void adopt(ByteStream stream) {
      sfu.adopt(stream);
    }
  }

  /// On a thread of its own, as DNS may take its time.
  private static void resolveAgain(Sfu sfu, SystemTimers timers) {
    Thread.ofVirtual()
        .name("resolve")
        .start(
            () -> {
              try {
                if (sfu.resolveAgain()) {
                  LOG.info("media.advertised stands for other addresses now");
                }
              } catch (IllegalStateException e) {
                LOG.warn("what was offered stays: {}", e.getMessage());
              }
              timers.after(RESOLVE_NANOS, () -> resolveAgain(sfu, timers));
            });
  }

  private static void watchBitrate(Startup startup, SfuCounters counters) {
    int most = startup.config().limits().megabits();
    if (most > 0) {
      Timers timers = startup.timers();
      var watch =
          new BitrateWatch(
              () -> counters.value(SfuCounter.RTP_BYTES_SENT), most, timers.nowNanos());
      startup.overload().add("this server sends " + most + " Mb/s, the most it may", watch::isOver);
      look(watch, timers);
    }
  }

  private static void look(BitrateWatch watch, Timers timers) {
    watch.look(timers.nowNanos());
    timers.after(BitrateWatch.INTERVAL_NANOS, () -> look(watch, timers));
  }

  /// What an SFU needs to take its place in the server.
  record Startup(
      ServerConfig config,
      Metrics metrics,
      Readiness readiness,
      Parts parts,
      SystemTimers timers,
      Overload overload,
      WorkerLoad load) {}

  /// What was started, closed in the opposite order.
  static final class Parts implements AutoCloseable {
    private final Deque<AutoCloseable> started = new ArrayDeque<>();

    synchronized <T extends AutoCloseable> T add(T part) {
      started.push(part);
      return part;
    }

    @Override
    public synchronized void close() {
      while (!started.isEmpty()) {
        AutoCloseable part = started.pop();
        try {
          part.close();
        } catch (Exception e) {
          LOG.error("{} did not close", part.getClass().getSimpleName(), e);
        }
      }
    }
  }
}
