package org.plenum.cluster.directory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.plenum.cluster.DirectoryException;
import org.plenum.cluster.RoomDirectory.Claim;
import org.plenum.cluster.RoomEntry;

/// A cluster on virtual time: replicas that a cut separates, views that lag behind what is true,
/// writes of which nobody knows what became, and anything else between two steps of an operation.
final class DirectoryModel {
  /// More would be beyond what happens between a read and a write.
  private static final int DEPTH = 3;

  private final Random random;
  private final int expected;
  private final Map<String, Node> nodes = new TreeMap<>();

  /// Which part each node is in; nodes of one part hear each other.
  private final Map<String, Integer> parts = new HashMap<>();

  /// Who opened a room in which life and epoch: never two.
  private final Map<String, String> openers = new HashMap<>();

  /// The last state that a node of the majority was told is stored, by life.
  private final Map<String, Integer> stored = new HashMap<>();

  /// Nodes in the midst of something: what else they do waits for a lock.
  private final Set<String> busy = new HashSet<>();

  /// What happened, one event a line.
  private final List<String> history = new ArrayList<>();

  private int names;
  private int lives;
  private int states;
  private int depth;
  private boolean calm;
  private long nowNanos;

  private final boolean told;

  /// @param told whether [#history] is kept
  DirectoryModel(long seed, int size, boolean told) {
    this.random = new Random(seed);
    this.expected = size;
    this.told = told;
    for (int i = 0; i < size; i++) {
      start();
    }
    agree();
  }

  /// What happened, one event a line, indented by what it came in the midst of.
  String history() {
    return String.join("\n", history);
  }

  private void tell(java.util.function.Supplier<String> event) {
    if (told) {
      history.add("  ".repeat(depth) + event.get());
    }
  }

  private static String brief(@Nullable String text) {
    RoomEntry entry = RoomEntry.parse(text);
    return entry == null
        ? "nothing"
        : entry.node()
            + "/"
            + entry.epoch()
            + "/"
            + entry.life()
            + "/"
            + entry.revision()
            + "="
            + entry.state();
  }

  private final class Node implements EntryStore, Membership {
    final String id;
    final Map<String, String> copy = new HashMap<>();
    final Map<String, Claim> open = new HashMap<>();
    final ClaimedDirectory directory;
    Set<String> view = new TreeSet<>();

    Node(String id) {
      this.id = id;
      this.directory =
          new ClaimedDirectory(
              id,
              this,
              this,
              () -> "life" + lives++,
              claim -> open.remove(claim.room(), claim),
              this::abandoned);
    }

    /// A former owner may not know yet that it is one.
    private void abandoned(String room, RoomEntry entry) {
      tell(() -> id + " abandoned " + room + " " + brief(entry.text()));
      for (String each : view) {
        Node other = nodes.get(each);
        Claim claim = other == null ? null : other.open.get(room);
        require(
            claim == null
                || !claim.entry().life().equals(entry.life())
                || claim.entry().epoch() < entry.epoch(),
            each + " has " + room + ", which was said to be over");
      }
    }

    @Override
    public @Nullable String get(String room) {
      meanwhile();
      return copy.get(room);
    }

    @Override
    public Map<String, String> all() {
      return Map.copyOf(copy);
    }

    @Override
    public boolean putIfAbsent(String room, String value) {
      return write(this, room, null, value);
    }

    @Override
    public boolean replace(String room, String old, String value) {
      return write(this, room, old, value);
    }

    @Override
    public boolean remove(String room, String old) {
      return write(this, room, old, null);
    }

    @Override
    public boolean isAlive(String node) {
      return view.contains(node);
    }

    @Override
    public boolean hasQuorum() {
      return view.size() * 2 > expected;
    }

    @Override
    public boolean isFirst() {
      return view.iterator().next().equals(id);
    }
  }

  /// As the engine does it: one of the part decides, all of it copy. While a view is behind, and at
  /// times besides, nobody hears what became of it, or some copies miss it.
  private boolean write(Node by, String room, @Nullable String old, @Nullable String value) {
    meanwhile();
    if (nodes.get(by.id) != by) {
      throw new UnknownOutcomeException("this node is dead");
    }
    List<Node> part = partOf(by);
    Node decides = part.getFirst();
    String present = decides.copy.get(room);
    boolean lagging = !by.view.equals(ids(part));
    boolean unheard = !calm && random.nextInt(lagging ? 2 : 50) == 0;
    boolean done = old == null ? present == null : old.equals(present);
    if (done) {
      for (Node each : part) {
        if (unheard && random.nextBoolean()) {
          continue;
        }
        if (value == null) {
          each.copy.remove(room);
        } else {
          each.copy.put(room, value);
        }
      }
    }
    boolean took = done;
    tell(
        () ->
            by.id
                + " writes "
                + room
                + " "
                + brief(old)
                + " -> "
                + brief(value)
                + (took ? " done" : " refused, is " + brief(present))
                + (unheard ? " unheard" : "")
                + " in "
                + ids(part));
    if (unheard) {
      throw new UnknownOutcomeException("timed out");
    }
    if (lagging) {
      see(by); // it waited for those that it does not hear, until it saw that they are gone
    }
    meanwhile();
    if (!ids(part).equals(ids(partOf(by)))) {
      // The engine sees that those who are to have it changed, and does it again.
      throw new UnknownOutcomeException("others are there now");
    }
    return done;
  }

  private List<Node> partOf(Node node) {
    int part = parts.getOrDefault(node.id, -1);
    return nodes.values().stream().filter(each -> parts.getOrDefault(each.id, -1) == part).toList();
  }

  private static Set<String> ids(List<Node> all) {
    Set<String> ids = new TreeSet<>();
    all.forEach(each -> ids.add(each.id));
    return ids;
  }

  private void start() {
    Node node = new Node("n" + names++);
    int part = nodes.isEmpty() ? 0 : parts.get(nodes.keySet().iterator().next());
    nodes.put(node.id, node);
    parts.put(node.id, part);
    partOf(node).stream()
        .filter(each -> each != node)
        .findFirst()
        .ifPresent(each -> node.copy.putAll(each.copy));
    node.view = new TreeSet<>(Set.of(node.id));
  }

  /// Something else happens between two steps, unless all is to come to rest.
  private void meanwhile() {
    if (!calm && depth < DEPTH && random.nextInt(8) == 0) {
      depth++;
      try {
        step();
      } finally {
        depth--;
      }
    }
  }

  /// One random event.
  void step() {
    nowNanos += random.nextLong(2_000_000_000L);
    Node node = any();
    String room = "r" + random.nextInt(3);
    if (!busy.add(node.id)) {
      return;
    }
    try {
      int what = random.nextInt(16);
      tell(() -> "step " + node.id + " " + room + " what " + what + " view " + node.view);
      switch (what) {
        case 0, 1, 2 -> enter(node, room);
        case 3 -> leave(node, room);
        case 4, 5 -> update(node, room);
        case 6 -> move(node, room);
        case 7 -> split();
        case 8 -> merge();
        case 9 -> crash(node);
        case 10, 11, 12 -> see(node);
        default -> node.directory.review(nowNanos);
      }
    } catch (DirectoryException e) {
      // refused: the client comes again
    } finally {
      busy.remove(node.id);
    }
  }

  private Node any() {
    List<Node> all = new ArrayList<>(nodes.values());
    return all.get(random.nextInt(all.size()));
  }

  /// A client came to any node: whoever owns the room opens it.
  private void enter(Node edge, String room) {
    boolean quorum = edge.hasQuorum();
    RoomEntry before = edge.directory.find(room);
    List<String> candidates = new ArrayList<>(edge.view);
    RoomEntry entry = edge.directory.claim(room, candidates.get(random.nextInt(candidates.size())));
    if (!quorum && !edge.hasQuorum() && before == null && !entry.equals(before)) {
      RoomEntry after = edge.directory.find(room);
      require(entry.equals(after), "a node without a quorum made room " + room);
    }
    Node owner = nodes.get(entry.node());
    if (owner == null
        || nodes.get(edge.id) != edge
        || !parts.get(owner.id).equals(parts.get(edge.id))
        || owner.open.containsKey(room)
        || (owner != edge && busy.contains(owner.id))) {
      return;
    }
    Claim claim = owner.directory.open(room);
    owner.open.put(room, claim);
    tell(() -> owner.id + " opened " + room + " " + brief(claim.entry().text()));
    RoomEntry mine = claim.entry();
    require(mine.node().equals(owner.id), "opened what is another's");
    String key = room + " " + mine.life() + " " + mine.epoch();
    String other = openers.putIfAbsent(key, owner.id);
    require(other == null || other.equals(owner.id), "two opened " + key);
  }

  private void leave(Node node, String room) {
    Claim claim = node.open.remove(room);
    if (claim != null) {
      // Given up: a copy that a cut kept may bring it back, as nobody's.
      stored.remove(claim.entry().life());
      openers.remove(room + " " + claim.entry().life() + " " + claim.entry().epoch());
      node.directory.release(claim);
    }
  }

  private void update(Node node, String room) {
    Claim claim = node.open.get(room);
    if (claim != null) {
      int state = ++states;
      node.directory.update(claim, state + "");
      if (isMajority(partOf(node))) {
        stored.merge(claim.entry().life(), state, Math::max);
        tell(() -> node.id + " stored " + room + " " + state);
      }
    }
  }

  private void move(Node node, String room) {
    Claim claim = node.open.get(room);
    List<String> others = new ArrayList<>(node.view);
    others.remove(node.id);
    if (claim != null && !others.isEmpty()) {
      node.directory.move(claim, others.get(random.nextInt(others.size())));
      node.open.remove(room, claim);
    }
  }

  private boolean isMajority(List<Node> part) {
    return part.size() * 2 > expected;
  }

  /// Parts that meet are brought together first, however they are cut again.
  private void split() {
    merge();
    for (String id : nodes.keySet()) {
      parts.put(id, random.nextInt(2));
    }
    tell(() -> "cut: " + parts);
  }

  /// The parts hear each other again: of each room one entry stays.
  private void merge() {
    Set<String> rooms = new HashSet<>();
    nodes.values().forEach(each -> rooms.addAll(each.copy.keySet()));
    for (String room : rooms) {
      List<@Nullable String> texts = new ArrayList<>();
      nodes.values().forEach(each -> texts.add(each.copy.get(room)));
      String chosen = MergeRule.choose(texts);
      nodes.values().forEach(each -> each.copy.put(room, String.valueOf(chosen)));
      tell(
          () ->
              "merged "
                  + room
                  + ": "
                  + texts.stream().map(DirectoryModel::brief).toList()
                  + " to "
                  + brief(chosen));
    }
    parts.replaceAll((_, _) -> 0);
    nodes.keySet().forEach(id -> parts.put(id, 0));
    fill();
  }

  /// A quorum counts nodes, not what they know: were the dead node's successor to join the side
  /// that has heard less, there would be two, one after the other. So it comes once the cut is
  /// mended, and what was stored meanwhile may have died with its copies.
  private void crash(Node node) {
    if (nodes.size() == 1 || nodes.get(node.id) != node) {
      return;
    }
    boolean cut = new HashSet<>(parts.values()).size() > 1;
    nodes.remove(node.id);
    parts.remove(node.id);
    tell(() -> "crash of " + node.id + (cut ? " while cut" : ""));
    if (cut) {
      stored.entrySet().removeIf(each -> !isKnown(each.getKey(), 0, each.getValue()));
      openers.entrySet().removeIf(each -> isForgotten(each.getKey(), each.getValue()));
    } else {
      fill();
    }
  }

  /// @param key room, life and epoch, as in `openers`
  private boolean isForgotten(String key, String opener) {
    String[] parts = key.split(" ");
    return !nodes.containsKey(opener) && !isKnown(parts[1], Long.parseLong(parts[2]), 0);
  }

  /// Whether a living node has a copy that is as new.
  private boolean isKnown(String life, long epoch, int state) {
    return nodes.values().stream()
        .flatMap(node -> node.copy.values().stream())
        .map(RoomEntry::parse)
        .anyMatch(
            entry ->
                entry != null
                    && entry.life().equals(life)
                    && entry.epoch() >= epoch
                    && stateOf(entry) >= state);
  }

  private static int stateOf(RoomEntry entry) {
    return entry.state().isEmpty() ? 0 : Integer.parseInt(entry.state());
  }

  private void fill() {
    while (nodes.size() < expected) {
      start();
    }
  }

  private void see(Node node) {
    if (nodes.get(node.id) == node) {
      node.view = ids(partOf(node));
    }
  }

  private void agree() {
    nodes.values().forEach(this::see);
  }

  /// Everything heals, and nothing new happens: then all must be one.
  void rest() {
    calm = true;
    merge();
    agree();
    for (int i = 0; i < 6; i++) {
      nowNanos += ClaimedDirectory.UNOPENED_NANOS + 1;
      nodes.values().forEach(each -> each.directory.review(nowNanos));
    }
    for (String room : List.of("r0", "r1", "r2")) {
      Set<String> texts = new HashSet<>();
      nodes.values().forEach(each -> texts.add(String.valueOf(each.copy.get(room))));
      require(texts.size() == 1, "copies of " + room + " differ: " + texts);
      RoomEntry entry = any().directory.find(room);
      List<Node> open =
          nodes.values().stream().filter(each -> each.open.containsKey(room)).toList();
      require(open.size() <= 1, room + " is open on " + open.size() + " nodes");
      if (!open.isEmpty()) {
        require(
            entry != null && entry.node().equals(open.getFirst().id),
            room + " is open on another node than its owner");
      }
      Integer last = entry == null ? null : stored.get(entry.life());
      if (entry != null && last != null) {
        int is = stateOf(entry);
        require(is >= last, room + " forgot state " + last + ": it has " + is);
      }
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
