package org.plenum.signaling.nodes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Random;
import org.plenum.cluster.NodeInfo;

/// A large cluster on virtual time: people come to any node, rooms are placed by what nodes said of
/// themselves up to a second ago, nodes die, and their clients come back. Deterministic.
final class ScalingModel {
  /// Participants that fill a node: load 1000.
  private static final int FULL = 3000;

  private static final int SECOND = 1000;

  /// Frames between two nodes for one join that is carried: the opening of the stream, hello, its
  /// acknowledgement, welcome, its acknowledgement.
  private static final int CARRIED_FRAMES = 5;

  /// A hang or a silent host is known after 1500 to 1750 ms of silence and 500 ms for an answer.
  private static final int LEAST_DETECTION = 2000;

  private static final int DETECTION_SPREAD = 250;

  /// A client looks at its media and asks: half a second of silence, half for the answer, and up to
  /// a look every 200 ms.
  private static final int LEAST_SILENCE = 1000;

  private static final int SILENCE_SPREAD = 400;

  /// What a join costs the node's processor, and how long ICE and DTLS take besides.
  private static final int JOIN_WORK = 10;

  private static final int CONNECT = 300;
  private static final int CLAIM = 10;

  private final Random random;
  private final int drawn;
  private final int[] owners;
  private final int[] sizes;
  private final int[] participants;
  private final List<NodeInfo> announced = new ArrayList<>();
  private final List<Map<String, Integer>> placed = new ArrayList<>();
  private long frames;
  private long writes;
  private int joins;
  private int foreign;

  private record Arrival(int millis, int room) {}

  /// How participants are spread.
  record Load(double mean, int least, int most) {
    double ratio() {
      return most / mean;
    }
  }

  /// Until media came again, in milliseconds.
  record Recovery(int people, int median, int p95, int worst) {}

  /// Where the nodes of one tree of relays are.
  record Tree(int nodes, int depth, double meanHops) {}

  /// @param drawn among how many nodes one is chosen for a room
  ScalingModel(long seed, int nodes, int rooms, int people, int drawn) {
    this.random = new Random(seed);
    this.drawn = drawn;
    this.owners = new int[rooms];
    this.participants = new int[nodes];
    this.sizes = sizes(rooms, people);
    Arrays.fill(owners, -1);
    for (int i = 0; i < nodes; i++) {
      announced.add(info(i));
      placed.add(new HashMap<>());
    }
  }

  /// Two in each room, the others as they like: many small rooms, few large ones.
  private int[] sizes(int rooms, int people) {
    double[] weights = new double[rooms];
    double sum = 0;
    for (int i = 0; i < rooms; i++) {
      sum += Math.min(100, Math.pow(1 - random.nextDouble(), -1 / 1.3)); // Pareto, cut
      weights[i] = sum;
    }
    int[] all = new int[rooms];
    Arrays.fill(all, 2);
    for (int i = 2 * rooms; i < people; i++) {
      int at = Arrays.binarySearch(weights, random.nextDouble() * sum);
      all[Math.min(rooms - 1, at < 0 ? -at - 1 : at)]++;
    }
    return all;
  }

  private NodeInfo info(int node) {
    return new NodeInfo(
        "n" + node,
        "n" + node,
        List.of(),
        List.of(),
        "",
        "",
        participants[node] * 1000 / FULL,
        0,
        participants[node],
        false,
        0);
  }

  /// Everybody comes within so many seconds, to any node.
  ///
  /// @return the load at the end
  Load fill(int seconds) {
    var arrivals = new PriorityQueue<Arrival>((a, b) -> Integer.compare(a.millis, b.millis));
    for (int room = 0; room < sizes.length; room++) {
      for (int i = 0; i < sizes[room]; i++) {
        arrivals.add(new Arrival(random.nextInt(seconds * SECOND), room));
      }
    }
    int now = -1;
    while (!arrivals.isEmpty()) {
      Arrival next = arrivals.remove();
      while (now < next.millis) {
        announce(++now);
      }
      join(next.room);
    }
    return load();
  }

  /// Each node speaks once a second, all of them one after another.
  private void announce(int millis) {
    int nodes = participants.length;
    for (int node = millis % SECOND; node < nodes; node += SECOND) {
      announced.set(node, info(node));
      placed.get(node).clear();
    }
  }

  private void join(int room) {
    int edge = random.nextInt(participants.length);
    if (owners[room] < 0) {
      owners[room] = place(room, edge);
      writes += 2; // the claim, and the owner's confirmation
    }
    joins++;
    if (owners[room] != edge) {
      foreign++;
      frames += CARRIED_FRAMES;
    }
    participants[owners[room]]++;
  }

  private int place(int room, int edge) {
    NodeInfo chosen = choose(announced, room, edge);
    placed.get(edge).merge(chosen.id(), 1, Integer::sum);
    return Integer.parseInt(chosen.id().substring(1));
  }

  private NodeInfo choose(List<NodeInfo> among, int room, int edge) {
    return Objects.requireNonNull(
        Placement.choose(among, "n" + edge, "", placed.get(edge), "room" + room, drawn));
  }

  Load load() {
    var all = Arrays.stream(participants).filter(each -> each >= 0).summaryStatistics();
    return new Load(all.getAverage(), all.getMin(), all.getMax());
  }

  /// Of joins, how many came to another node than their room's.
  double foreignShare() {
    return (double) foreign / joins;
  }

  /// Frames between nodes, by joins; announcements are not in it.
  double framesPerJoin() {
    return (double) frames / joins;
  }

  /// A write goes to the entry's first node, from there to all others, and each of them confirms.
  double directoryMessagesPerJoin() {
    return (double) writes * (2 * (participants.length - 1) + 1) / joins;
  }

  /// So many hosts are gone at once, without a word. All rooms of theirs are opened anew.
  Recovery lose(int count) {
    int nodes = participants.length;
    boolean[] dead = new boolean[nodes];
    for (int i = 0; i < count; i++) {
      dead[i * (nodes / count)] = true;
    }
    List<NodeInfo> living = new ArrayList<>();
    for (int i = 0; i < nodes; i++) {
      if (!dead[i]) {
        living.add(info(i));
      }
    }
    int known = LEAST_DETECTION + random.nextInt(DETECTION_SPREAD);
    var returns = new PriorityQueue<Arrival>((a, b) -> Integer.compare(a.millis, b.millis));
    for (int room = 0; room < owners.length; room++) {
      for (int i = 0; dead[owners[room]] && i < sizes[room]; i++) {
        int noticed = LEAST_SILENCE + random.nextInt(SILENCE_SPREAD);
        returns.add(new Arrival(Math.max(noticed, known), room)); // else it is held until then
      }
    }
    int[] busyUntil = new int[nodes];
    int[] next = owners.clone();
    List<Integer> times = new ArrayList<>();
    while (!returns.isEmpty()) {
      Arrival back = returns.remove();
      int at = back.millis;
      if (dead[next[back.room]]) {
        int edge = random.nextInt(nodes);
        NodeInfo chosen = choose(living, back.room, edge);
        placed.get(edge).merge(chosen.id(), 1, Integer::sum);
        next[back.room] = Integer.parseInt(chosen.id().substring(1));
        at += CLAIM;
      }
      int node = next[back.room];
      busyUntil[node] = Math.max(busyUntil[node], at) + JOIN_WORK;
      times.add(busyUntil[node] + CONNECT);
    }
    times.sort(null);
    return new Recovery(
        times.size(), at(times, 50), at(times, 95), times.isEmpty() ? 0 : times.getLast());
  }

  private static int at(List<Integer> sorted, int percent) {
    return sorted.isEmpty() ? 0 : sorted.get((sorted.size() - 1) * percent / 100);
  }

  /// A room of so many viewers, filled level by level.
  ///
  /// @param perNode viewers that one node shows it to
  /// @param fanOut nodes that one node relays it to
  static Tree tree(int viewers, int perNode, int fanOut) {
    int nodes = (viewers + perNode - 1) / perNode;
    int depth = 0;
    int left = nodes - 1;
    long level = 1;
    long hops = 0;
    while (left > 0) {
      depth++;
      level *= fanOut;
      long here = Math.min(level, left);
      hops += here * depth;
      left -= (int) here;
    }
    return new Tree(nodes, depth, (double) hops / nodes);
  }
}
