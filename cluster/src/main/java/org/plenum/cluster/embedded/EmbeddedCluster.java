package org.plenum.cluster.embedded;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.infinispan.configuration.cache.CacheMode;
import org.infinispan.configuration.cache.ConfigurationBuilder;
import org.infinispan.configuration.global.GlobalConfigurationBuilder;
import org.infinispan.configuration.global.ShutdownHookBehavior;
import org.infinispan.manager.DefaultCacheManager;
import org.infinispan.partitionhandling.PartitionHandling;
import org.infinispan.remoting.transport.jgroups.JGroupsTransport;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.JChannel;
import org.jgroups.MergeView;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.jgroups.View;
import org.jgroups.fork.ForkChannel;
import org.jgroups.util.UUID;
import org.jspecify.annotations.Nullable;
import org.plenum.cluster.Cluster;
import org.plenum.cluster.ClusterListener;
import org.plenum.cluster.ClusterSettings;
import org.plenum.cluster.Lives;
import org.plenum.cluster.NodeInfo;
import org.plenum.cluster.NodeInfoText;
import org.plenum.cluster.RoomDirectory;
import org.plenum.cluster.RoomEntry;
import org.plenum.cluster.directory.ClaimedDirectory;
import org.plenum.cluster.directory.Membership;
import org.plenum.cluster.link.Links;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A node: one channel of JGroups over TLS carries its membership, the cache of the directory, and
/// the frames between nodes.
final class EmbeddedCluster implements Cluster {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedCluster.class);

  private static final String NAME = "plenum";
  private static final String CACHE = "rooms";

  /// For a write to reach all copies.
  private static final Duration WRITE = Duration.ofSeconds(2);

  /// For nodes to agree on who has copies.
  private static final Duration SETUP = Duration.ofSeconds(15);

  /// How often all entries are looked at though nothing happened.
  private static final long REVIEW_MILLIS = 10_000;

  /// After the members changed, until the copies have been brought together.
  private static final long SETTLE_MILLIS = 500;

  /// How long a start waits until all nodes have said what they are.
  private static final long MEET_MILLIS = 5000;

  /// Clocks further apart than this are told of.
  private static final long CLOCK_MILLIS = 5000;

  private final ClusterSettings settings;
  private final SecretSockets sockets;
  private final DefaultCacheManager manager;
  private final JChannel channel;
  private final ForkChannel frames;
  private final Links links;
  private final ClaimedDirectory directory;
  private final String self;
  private final Map<String, NodeInfo> infos = new ConcurrentHashMap<>();
  private final Set<String> warned = ConcurrentHashMap.newKeySet();
  private final AtomicLong views = new AtomicLong();
  private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
  private final CountDownLatch met = new CountDownLatch(1);
  private volatile Map<String, Address> members = Map.of();
  private volatile String first = "";
  private volatile boolean quorum;
  private volatile boolean settled;
  private volatile boolean closing;
  private volatile @Nullable ClusterListener listener;
  private volatile @Nullable String doubled;

  /// Joins the cluster, or begins one. Blocks for some seconds. Throws IllegalStateException with
  /// one sentence if that cannot be.
  ///
  /// @param info what this node is like, without an id
  static EmbeddedCluster start(ClusterSettings settings, NodeInfo info) {
    var sockets = new SecretSockets(NodeKey.of(settings.secret()));
    EmbeddedCluster cluster;
    try {
      cluster = new EmbeddedCluster(settings, sockets);
    } catch (Exception e) {
      throw new IllegalStateException(
          "the cluster cannot be joined at "
              + settings.host()
              + ":"
              + settings.port()
              + ": "
              + rootOf(e),
          e);
    }
    try {
      cluster.meet(info);
    } catch (RuntimeException e) {
      cluster.close();
      throw e;
    }
    return cluster;
  }

  private EmbeddedCluster(ClusterSettings settings, SecretSockets sockets) throws Exception {
    this.settings = settings;
    this.sockets = sockets;
    this.channel = NodeStack.channel(settings, sockets);
    channel.setName(settings.name());
    this.manager = manager(channel, settings.name());
    try {
      var store = new CacheStore(manager.<String, String>getCache(CACHE).getAdvancedCache());
      this.self = id(channel.getAddress());
      this.links = new Links(this::send);
      links.onInfo(this::onInfo);
      this.directory =
          new ClaimedDirectory(
              self,
              store,
              new Seen(),
              () -> Lives.begin(Instant.now()),
              claim -> lost(claim),
              this::abandoned);
      this.frames = new ForkChannel(channel, NAME, "nodes");
      frames.setReceiver(
          new Receiver() {
            @Override
            public void receive(Message message) {
              EmbeddedCluster.this.receive(message);
            }

            @Override
            public void viewAccepted(View view) {
              onView(view);
            }
          });
      frames.connect(NAME);
      onView(channel.getView());
    } catch (Exception e) {
      manager.stop();
      throw e;
    }
    Thread.ofVirtual().name("cluster-review").start(this::work);
  }

  private static DefaultCacheManager manager(JChannel channel, String name) {
    GlobalConfigurationBuilder global = GlobalConfigurationBuilder.defaultClusteredBuilder();
    global
        .transport()
        .addProperty(JGroupsTransport.CHANNEL_CONFIGURATOR, new OwnChannel(channel))
        .clusterName(NAME)
        .nodeName(name)
        .distributedSyncTimeout(SETUP.toMillis());
    global.shutdown().hookBehavior(ShutdownHookBehavior.DONT_REGISTER);
    global.jmx().disable();
    global.metrics().gauges(false).histograms(false);
    ConfigurationBuilder rooms = new ConfigurationBuilder();
    rooms
        .clustering()
        .cacheMode(CacheMode.REPL_SYNC)
        .remoteTimeout(WRITE.toMillis())
        .partitionHandling()
        .whenSplit(PartitionHandling.ALLOW_READ_WRITES)
        .mergePolicy(new EpochMerge());
    rooms.locking().lockAcquisitionTimeout(WRITE.toMillis() / 2);
    rooms.statistics().disable();
    DefaultCacheManager manager = new DefaultCacheManager(global.build(), false);
    manager.defineConfiguration(CACHE, rooms.build());
    manager.start();
    return manager;
  }

  /// Waits until each member has said what it is, and sees that this node is one of them.
  private void meet(NodeInfo info) {
    if (size() == 1 && !sockets.strangers().isEmpty()) {
      throw new IllegalStateException(
          "cluster.secret is not the one of the node at " + String.join(", ", sockets.strangers()));
    }
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MEET_MILLIS);
    try {
      do {
        announce(info);
      } while (!met.await(100, TimeUnit.MILLISECONDS) && until - System.nanoTime() > 0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    String other = doubled;
    if (other != null) {
      throw new IllegalStateException(
          "cluster.node " + settings.name() + " is the name of another node, at " + other);
    }
    settled = true;
    review();
    LOG.info(
        "node {} sees {} of {} nodes", settings.name(), size(), Math.max(1, settings.expected()));
  }

  @Override
  public String self() {
    return self;
  }

  @Override
  public List<NodeInfo> nodes() {
    Map<String, Address> present = members;
    return infos.values().stream()
        .filter(info -> present.containsKey(info.id()))
        .sorted(Comparator.comparing(NodeInfo::name).thenComparing(NodeInfo::id))
        .toList();
  }

  @Override
  public @Nullable NodeInfo node(String id) {
    return members.containsKey(id) ? infos.get(id) : null;
  }

  @Override
  public int size() {
    return members.size();
  }

  @Override
  public boolean hasQuorum() {
    return quorum && settled;
  }

  @Override
  public RoomDirectory directory() {
    return directory;
  }

  @Override
  public Links links() {
    return links;
  }

  @Override
  public void announce(NodeInfo info) {
    NodeInfo mine =
        new NodeInfo(
            info.name(),
            self,
            info.urls(),
            info.media(),
            info.region(),
            info.version(),
            info.load(),
            info.rooms(),
            info.participants(),
            info.draining(),
            System.currentTimeMillis()); // the caller's is as of before it joined
    infos.put(self, mine);
    byte[] frame = Links.info(NodeInfoText.bytes(mine));
    tasks.add(() -> broadcast(frame));
    if (members.keySet().stream().allMatch(infos::containsKey)) {
      met.countDown();
    }
  }

  private void broadcast(byte[] frame) {
    try {
      frames.send(new BytesMessage(null, frame).setFlag(Message.TransientFlag.DONT_LOOPBACK));
    } catch (Exception e) {
      if (!closing) {
        LOG.debug("nodes are not told", e);
      }
    }
  }

  @Override
  public long viewChanges() {
    return views.get();
  }

  @Override
  public long refusals() {
    return sockets.refusals();
  }

  @Override
  public void listen(ClusterListener next) {
    tasks.add(
        () -> {
          listener = next;
          next.onQuorum(hasQuorum());
        });
    review();
  }

  @Override
  public void close() {
    closing = true;
    tasks.add(() -> {});
    frames.close();
    manager.stop();
    channel.close();
  }

  /// Blocks while the other node gives no credit.
  private void send(String node, byte[] frame) throws IOException {
    Address to = members.get(node);
    if (to == null) {
      throw new IOException("node " + node + " is not there");
    }
    try {
      frames.send(new BytesMessage(to, frame));
    } catch (Exception e) {
      throw new IOException("node " + node + " cannot be sent to", e);
    }
  }

  private void receive(Message message) {
    byte[] bytes = new byte[message.getLength()];
    System.arraycopy(message.getArray(), message.getOffset(), bytes, 0, bytes.length);
    links.onFrame(id(message.getSrc()), bytes);
  }

  private void onView(View view) {
    Map<String, Address> before = members;
    Map<String, Address> now =
        view.getMembers().stream().collect(Collectors.toMap(EmbeddedCluster::id, each -> each));
    Set<String> gone = new HashSet<>(before.keySet());
    gone.removeAll(now.keySet());
    if (view instanceof MergeView merge) {
      gone.addAll(othersOf(merge));
    }
    members = now;
    first = id(view.getMembers().getFirst());
    if (!now.keySet().equals(before.keySet()) || view instanceof MergeView) {
      views.incrementAndGet();
      LOG.info("nodes: {}", view.getMembers());
    }
    gone.forEach(links::onGone);
    infos.keySet().removeIf(id -> !now.containsKey(id) && !id.equals(self));
    boolean had = quorum;
    quorum = settings.isQuorum(now.size());
    if (had != quorum) {
      tasks.add(this::tellQuorum);
    }
    NodeInfo mine = infos.get(self);
    if (mine != null) {
      announce(mine);
    }
    reviewAfter(SETTLE_MILLIS);
    reviewAfter(4 * SETTLE_MILLIS);
  }

  /// Whoever we did not see a moment ago: what was under way with them did not arrive.
  private Set<String> othersOf(MergeView merge) {
    Set<String> others = new HashSet<>();
    for (View part : merge.getSubgroups()) {
      List<String> ids = part.getMembers().stream().map(EmbeddedCluster::id).toList();
      if (!ids.contains(self)) {
        others.addAll(ids);
      }
    }
    return others;
  }

  private void onInfo(String node, byte[] body) {
    NodeInfo info = NodeInfoText.parse(body);
    if (info == null || !info.id().equals(node)) {
      LOG.warn("node {} says of itself what cannot be: ignored", node);
      return;
    }
    boolean isNew = infos.put(node, info) == null;
    if (info.name().equals(settings.name()) && !node.equals(self)) {
      doubledName(info);
    }
    long apart = Math.abs(info.millis() - System.currentTimeMillis());
    if (apart > CLOCK_MILLIS && warned.add("clock " + node)) {
      LOG.warn(
          "the clocks of nodes {} and {} are {} ms apart", info.name(), settings.name(), apart);
    }
    warnOfAddresses(info);
    if (members.keySet().stream().allMatch(infos::containsKey)) {
      met.countDown();
    }
    NodeInfo mine = infos.get(self);
    if (isNew && mine != null) {
      announce(mine);
    }
  }

  /// The one that came later gives way.
  private void doubledName(NodeInfo other) {
    List<String> order = channel.getView().getMembers().stream().map(EmbeddedCluster::id).toList();
    if (!settled && order.indexOf(self) > order.indexOf(other.id())) {
      doubled = String.join(", ", other.media().isEmpty() ? List.of(other.id()) : other.media());
      met.countDown();
    } else if (warned.add("name " + other.id())) {
      LOG.error("another node calls itself {} too: it should not have started", other.name());
    }
  }

  private void warnOfAddresses(NodeInfo info) {
    for (NodeInfo each : nodes()) {
      List<String> same = new ArrayList<>(each.media());
      same.retainAll(info.media());
      if (!each.id().equals(info.id()) && !same.isEmpty() && warned.add("media " + same)) {
        LOG.error(
            "nodes {} and {} both offer their media at {}: set media.advertised of each to its own",
            each.name(),
            info.name(),
            String.join(", ", same));
      }
    }
  }

  private void tellQuorum() {
    ClusterListener present = listener;
    if (!hasQuorum() && settled) {
      LOG.warn(
          "this node sees {} of {} nodes: it opens no rooms until it sees more",
          size(),
          settings.expected());
    }
    if (present != null) {
      present.onQuorum(hasQuorum());
    }
  }

  private void lost(RoomDirectory.Claim claim) {
    ClusterListener present = listener;
    if (present != null) {
      present.onLost(claim);
    }
  }

  private void abandoned(String room, RoomEntry entry) {
    ClusterListener present = listener;
    if (present != null) {
      present.onAbandoned(room, entry);
    }
  }

  private void review() {
    tasks.add(() -> directory.review(System.nanoTime()));
  }

  private void reviewAfter(long millis) {
    Thread.ofVirtual()
        .name("cluster-settle")
        .start(
            () -> {
              try {
                Thread.sleep(millis);
                review();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  /// Does what was put into `tasks`, and reviews the directory now and then.
  private void work() {
    while (!closing) {
      try {
        Runnable task = tasks.poll(REVIEW_MILLIS, TimeUnit.MILLISECONDS);
        if (task != null) {
          task.run();
        } else {
          directory.review(System.nanoTime());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException e) {
        if (!closing) {
          LOG.error("the directory was not reviewed", e);
        }
      }
    }
  }

  private static String id(Address address) {
    return ((UUID) address).toStringLong();
  }

  private static String rootOf(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.toString();
  }

  private final class Seen implements Membership {
    @Override
    public boolean isAlive(String node) {
      return members.containsKey(node);
    }

    @Override
    public boolean hasQuorum() {
      return EmbeddedCluster.this.hasQuorum();
    }

    @Override
    public boolean isFirst() {
      return first.equals(self);
    }
  }
}
