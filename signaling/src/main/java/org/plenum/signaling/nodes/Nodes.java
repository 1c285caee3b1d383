package org.plenum.signaling.nodes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.plenum.cluster.Cluster;
import org.plenum.cluster.ClusterListener;
import org.plenum.cluster.DirectoryException;
import org.plenum.cluster.NodeInfo;
import org.plenum.cluster.RoomDirectory;
import org.plenum.cluster.RoomEntry;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.admin.NodeActions;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.session.OpenRoom;
import org.plenum.signaling.session.Signaling;
import org.plenum.signaling.session.Timers;
import org.plenum.signaling.token.Invitations;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// This node among the others: tells them what it is like, says where a room is or is to be opened,
/// and hands rooms over. Any thread.
public final class Nodes implements NodeActions, ClusterListener {
  private static final Logger LOG = LoggerFactory.getLogger(Nodes.class);

  private static final long ANNOUNCE_NANOS = 1_000_000_000L;
  private static final long ASK_MILLIS = 3000;

  /// So long the clients of a room may take to go to the node that has it now.
  private static final long HAND_OVER_NANOS = 10_000_000_000L;
  private static final String REMOVALS = "removals";
  private static final String INVITATIONS = "invitations";
  private static final String CHAT = "chat";
  private static final String INHERIT = "inherit";

  /// What a question for invitations begins with; the id that the last page ended with follows.
  private static final String AFTER = "after ";

  /// Invitations in one answer: a frame takes as many of the longest.
  private static final int PAGE = 200;
  private static final byte[] NOTHING = {};

  private final Cluster cluster;
  private final Signaling signaling;
  private final ServerConfig.Node config;
  private final List<String> media;
  private final IntSupplier load;
  private final long drainNanos;
  private final Timers timers;
  private final InstantSource clock;
  private final Runnable onQuorumLost;
  private final Runnable onQuorumMet;
  private final Map<String, Integer> placed = new ConcurrentHashMap<>();
  private final LongAdder moved = new LongAdder();
  private final LongAdder lost = new LongAdder();

  /// Names of all nodes that were ever there, as far as this one knows.
  private final Set<String> seen = ConcurrentHashMap.newKeySet();

  private volatile boolean draining;

  /// @param media where this node's media is offered
  /// @param load of its workers, in thousandths
  /// @param drainNanos how long rooms may go on once the node is told to stop
  public Nodes(
      Cluster cluster,
      Signaling signaling,
      ServerConfig.Node config,
      List<String> media,
      IntSupplier load,
      long drainNanos,
      Timers timers,
      InstantSource clock,
      Runnable onQuorumLost,
      Runnable onQuorumMet) {
    this.cluster = cluster;
    this.signaling = signaling;
    this.config = config;
    this.media = media;
    this.load = load;
    this.drainNanos = drainNanos;
    this.timers = timers;
    this.clock = clock;
    this.onQuorumLost = onQuorumLost;
    this.onQuorumMet = onQuorumMet;
  }

  /// Takes part from now on.
  public void begin() {
    cluster.links().answer(REMOVALS, this::onRemovals);
    signaling.access().onRemoval(this::tellRemovals);
    askRemovals();
    Invitations invitations = signaling.access().invitations();
    cluster.links().answer(INVITATIONS, (_, body) -> onInvitations(invitations, body));
    invitations.onDecided(line -> tell(INVITATIONS, line));
    invitations.onUsed(
        line -> Thread.ofVirtual().name("invitations").start(() -> tell(INVITATIONS, line)));
    askInvitations(invitations);
    cluster.links().answer(CHAT, (_, body) -> onChat(body));
    cluster.links().answer(INHERIT, (_, body) -> onInherit(body));
    cluster.listen(this);
    announceAgain();
  }

  Cluster cluster() {
    return cluster;
  }

  /// Rooms that this node handed to others.
  public long moved() {
    return moved.sum();
  }

  /// Rooms that other nodes took from this one: after a split, or while it hung.
  public long lost() {
    return lost.sum();
  }

  /// What a node is like.
  ///
  /// @param load of its workers, in thousandths
  public static NodeInfo info(
      ServerConfig.Node config,
      List<String> media,
      int load,
      int rooms,
      int participants,
      boolean draining,
      long millis) {
    String version = Nodes.class.getPackage().getImplementationVersion();
    return new NodeInfo(
        config.settings().name(),
        "",
        config.url().isEmpty() ? List.of() : List.of(config.url()),
        media,
        config.region(),
        version == null ? "development" : version,
        load,
        rooms,
        participants,
        draining,
        millis);
  }

  private void announce() {
    List<OpenRoom> rooms = signaling.rooms().all();
    placed.clear();
    cluster.nodes().forEach(each -> seen.add(each.name()));
    cluster.announce(
        info(
            config,
            media,
            load.getAsInt(),
            rooms.size(),
            rooms.stream().mapToInt(OpenRoom::size).sum(),
            draining || signaling.isDraining(),
            clock.millis()));
  }

  private void announceAgain() {
    announce();
    timers.after(ANNOUNCE_NANOS, this::announceAgain);
  }

  /// The node that has a room, or is to open it.
  ///
  /// @param opens whether it is opened if no node has it
  /// @return the other node's id; null: this one
  @Nullable String remote(RoomId room, boolean opens) {
    if (signaling.rooms().find(room) != null) {
      return null;
    }
    RoomEntry entry = cluster.directory().find(room.value());
    boolean alive = entry != null && isThere(entry.node());
    if (!alive && (opens || entry != null)) {
      entry = claim(room);
    }
    return entry == null || entry.node().equals(cluster.self()) ? null : entry.node();
  }

  private RoomEntry claim(RoomId room) {
    NodeInfo chosen =
        Placement.choose(cluster.nodes(), cluster.self(), config.region(), placed, room.value());
    String candidate = chosen == null ? cluster.self() : chosen.id();
    try {
      RoomEntry entry = cluster.directory().claim(room.value(), candidate);
      placed.merge(entry.node(), 1, Integer::sum);
      return entry;
    } catch (DirectoryException e) {
      throw new RefusedException(RefusedException.Reason.RESTARTING, "" + e.getMessage());
    }
  }

  /// A node for a further part of a room of ours.
  ///
  /// @param taken names of nodes that have one
  /// @param busy load in thousandths beyond which a node takes none
  /// @return null if there is none
  @Nullable NodeInfo forBranch(RoomId room, Set<String> taken, int busy) {
    List<NodeInfo> others = new ArrayList<>(cluster.nodes());
    others.removeIf(
        each ->
            each.id().equals(cluster.self()) || taken.contains(each.name()) || each.load() > busy);
    NodeInfo chosen =
        Placement.choose(others, cluster.self(), config.region(), placed, room.value());
    if (chosen != null) {
      placed.merge(chosen.id(), 1, Integer::sum);
    }
    return chosen;
  }

  /// Whether others may have something opened here.
  boolean takesRooms() {
    return !draining && !signaling.isDraining();
  }

  private boolean isThere(String id) {
    return id.equals(cluster.self()) || cluster.node(id) != null;
  }

  @Override
  public void onQuorum(boolean has) {
    if (has) {
      onQuorumMet.run();
    } else {
      onQuorumLost.run();
    }
  }

  @Override
  public void onLost(RoomDirectory.Claim claim) {
    OpenRoom room = signaling.rooms().find(claim);
    lost.increment();
    LOG.atWarn()
        .addKeyValue("room", claim.room())
        .log("another node has this room now: its clients are sent there");
    if (room != null) {
      RoomEntry entry = cluster.directory().find(claim.room());
      NodeInfo owner = entry == null ? null : cluster.node(entry.node());
      signaling.handOver(room, owner == null ? List.of() : owner.urls(), HAND_OVER_NANOS);
    }
  }

  @Override
  public void onAbandoned(String room, RoomEntry entry) {
    signaling.abandoned(new RoomId(room), entry);
  }

  @Override
  public List<NodeInfo> nodes() {
    return cluster.nodes();
  }

  @Override
  public String nameOf(String id) {
    NodeInfo node = cluster.node(id);
    return node == null ? id : node.name();
  }

  @Override
  public boolean hasQuorum() {
    return cluster.hasQuorum();
  }

  @Override
  public @Nullable String ownerOf(String room) {
    RoomEntry entry = cluster.directory().find(room);
    return entry == null ? null : entry.node();
  }

  @Override
  public int drain() {
    draining = true;
    announce();
    int handed = 0;
    for (OpenRoom room : signaling.rooms().all()) {
      try {
        move(room, null);
        handed++;
      } catch (RefusedException e) {
        LOG.atWarn()
            .addKeyValue("room", room.instance().id())
            .log("the room stays here: {}", e.getMessage());
      }
    }
    return handed;
  }

  @Override
  public String move(OpenRoom room, @Nullable String name) {
    List<NodeInfo> others = new ArrayList<>(cluster.nodes());
    others.removeIf(
        each -> each.id().equals(cluster.self()) || (name != null && !each.name().equals(name)));
    String id = room.instance().id().value();
    NodeInfo target = Placement.choose(others, cluster.self(), config.region(), placed, id);
    if (target == null) {
      throw new RefusedException(
          RefusedException.Reason.OVERLOADED,
          name == null
              ? "no other node takes rooms"
              : "there is no other node " + name + " that takes rooms");
    }
    tellChat(room, target);
    try {
      cluster.directory().move(room.claim(), target.id());
    } catch (DirectoryException e) {
      throw new RefusedException(RefusedException.Reason.RESTARTING, "" + e.getMessage());
    }
    placed.merge(target.id(), 1, Integer::sum);
    moved.increment();
    if (room.spec().made()) {
      open(target, id);
    }
    LOG.atInfo()
        .addKeyValue("room", room.instance().id())
        .log("handed over to node {}", target.name());
    long grace = draining ? Math.max(HAND_OVER_NANOS, drainNanos) : HAND_OVER_NANOS;
    signaling.handOver(room, target.urls(), grace);
    return target.name();
  }

  /// What was written until now goes with the room; without an answer it is moved all the same.
  private void tellChat(OpenRoom room, NodeInfo target) {
    String id = room.instance().id().value();
    byte[] chat = signaling.chat(room).getBytes(StandardCharsets.UTF_8);
    try {
      ask(target.id(), CHAT, Parcel.of(Parcel.words("room", id), chat), ASK_MILLIS);
    } catch (RefusedException e) {
      LOG.atWarn()
          .addKeyValue("room", id)
          .log("its chat does not go with it to node {}: {}", target.name(), e.getMessage());
    }
  }

  /// Whoever made it may ask for it, or end it, before anybody enters it there. A node that cannot
  /// open it now does when somebody comes.
  private void open(NodeInfo target, String room) {
    try {
      ask(target.id(), INHERIT, room.getBytes(StandardCharsets.UTF_8), ASK_MILLIS);
    } catch (RefusedException e) {
      LOG.atWarn()
          .addKeyValue("room", room)
          .log("node {} opens it when somebody comes: {}", target.name(), e.getMessage());
    }
  }

  private byte[] onInherit(byte[] body) {
    String room = new String(body, StandardCharsets.UTF_8);
    if (cluster.self().equals(ownerOf(room))) {
      signaling.inherit(new RoomId(room));
    }
    return NOTHING;
  }

  private byte[] onChat(byte[] body) {
    Parcel parcel = Parcel.read(body);
    signaling.inheritChat(
        new RoomId(parcel.words().path("room").asText()),
        new String(parcel.bytes(), StandardCharsets.UTF_8));
    return NOTHING;
  }

  /// Asks another node. Throws RefusedException if no answer comes.
  byte[] ask(String node, String service, byte[] body, long millis) {
    try {
      return cluster.links().ask(node, service, body, millis).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RefusedException(RefusedException.Reason.RESTARTING, "interrupted");
    } catch (ExecutionException e) {
      throw new RefusedException(
          RefusedException.Reason.RESTARTING,
          "node " + nameOf(node) + " did not answer: try again in a moment");
    }
  }

  /// Names of nodes that should be there and are not; `?` for those that this one has never seen.
  List<String> away() {
    int missing = config.settings().expected() - cluster.size();
    if (missing <= 0) {
      return List.of();
    }
    Set<String> names = new TreeSet<>(seen);
    cluster.nodes().forEach(each -> names.remove(each.name()));
    return names.isEmpty() ? List.of("?") : List.copyOf(names);
  }

  /// The other node that has a room now.
  ///
  /// @return null: this one, or none; empty if it has one that is not there
  @Nullable String owner(RoomId room) {
    RoomEntry entry = cluster.directory().find(room.value());
    if (entry == null || entry.node().equals(cluster.self())) {
      return null;
    }
    return isThere(entry.node()) ? entry.node() : "";
  }

  List<String> others() {
    return cluster.nodes().stream()
        .map(NodeInfo::id)
        .filter(id -> !id.equals(cluster.self()))
        .toList();
  }

  private byte[] onRemovals(String from, byte[] body) {
    if (body.length > 0) {
      signaling.access().addRemovals(new String(body, StandardCharsets.UTF_8));
      return NOTHING;
    }
    return signaling.access().removals().getBytes(StandardCharsets.UTF_8);
  }

  /// Whoever was sent out of a room stays out wherever it goes next.
  private void tellRemovals() {
    tell(REMOVALS, signaling.access().removals());
  }

  /// Blocks until all nodes know, or do not answer.
  private void tell(String service, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    List<CompletableFuture<byte[]>> answers =
        others().stream()
            .map(node -> cluster.links().ask(node, service, bytes, ASK_MILLIS))
            .toList();
    for (CompletableFuture<byte[]> each : answers) {
      try {
        Objects.requireNonNull(each.join());
      } catch (CompletionException e) {
        LOG.warn("a node was not told of {}: {}", service, e.getMessage());
      }
    }
  }

  private byte[] onInvitations(Invitations invitations, byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8);
    long now = clock.instant().getEpochSecond();
    if (!text.startsWith(AFTER)) {
      text.lines().forEach(line -> invitations.take(line, now));
      return NOTHING;
    }
    return String.join("\n", invitations.lines(text.substring(AFTER.length()), PAGE, now))
        .getBytes(StandardCharsets.UTF_8);
  }

  /// Learns from another node what was decided while this one was away.
  private void askInvitations(Invitations invitations) {
    long now = clock.instant().getEpochSecond();
    for (String node : others()) {
      try {
        String after = "";
        List<String> lines;
        do {
          byte[] question = (AFTER + after).getBytes(StandardCharsets.UTF_8);
          String page =
              new String(ask(node, INVITATIONS, question, ASK_MILLIS), StandardCharsets.UTF_8);
          lines = page.lines().toList();
          lines.forEach(line -> invitations.take(line, now));
          after = lines.isEmpty() ? "" : Invitations.idOf(lines.getLast());
        } while (lines.size() == PAGE);
        return;
      } catch (RefusedException | IllegalArgumentException e) {
        LOG.warn("node {} did not say who is invited: {}", nameOf(node), e.getMessage());
      }
    }
  }

  private void askRemovals() {
    for (String node : others()) {
      try {
        byte[] all = ask(node, REMOVALS, NOTHING, ASK_MILLIS);
        signaling.access().addRemovals(new String(all, StandardCharsets.UTF_8));
        return;
      } catch (RefusedException | IllegalStateException e) {
        LOG.warn("node {} did not say who was removed: {}", nameOf(node), e.getMessage());
      }
    }
  }

  /// Throws IOException if the node is not there.
  org.plenum.cluster.link.LinkStream open(
      String node, String service, String text, org.plenum.cluster.link.StreamListener listener)
      throws IOException {
    return cluster.links().open(node, service, text, listener);
  }
}
