package org.plenum.signaling.nodes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What becomes of the rules at sizes that no test machine has. It prints the figures of
/// docs/scaling.md, which are the same every time.
class ScalingSimulationTest {
  private static final int NODES = 1000;
  private static final int ROOMS = 100_000;
  private static final int PEOPLE = 1_000_000;
  private static final int SECONDS = 600;
  private static final int SEED = 1;

  @Test
  void aSmallClusterIsLoadedEvenly() {
    var model = new ScalingModel(SEED, 20, 2000, 20_000, Placement.DRAWN);
    ScalingModel.Load load = model.fill(SECONDS);
    assertTrue(load.ratio() < 1.5, load.toString());
    ScalingModel.Recovery recovery = model.lose(1);
    assertTrue(recovery.median() < 4000, recovery.toString());
  }

  @Test
  void aTreeIsAsDeepAsItMustBe() {
    assertEquals(new ScalingModel.Tree(1, 0, 0), ScalingModel.tree(1000, 1000, 8));
    assertEquals(1, ScalingModel.tree(9000, 1000, 8).depth());
    assertEquals(2, ScalingModel.tree(10_000, 1000, 8).depth());
  }

  @Test
  @Tag("slow")
  void aThousandNodes() {
    for (int drawn : new int[] {1, 2, Placement.DRAWN, 8, NODES / 10}) {
      var model = new ScalingModel(SEED, NODES / 10, ROOMS / 10, PEOPLE / 10, drawn);
      ScalingModel.Load load = model.fill(SECONDS);
      ScalingModel.Recovery recovery = model.lose(1);
      say(
          "%d nodes, chosen among %d: most participants of a node %.2f of the mean; a host gone:"
              + " media again after %d ms (median), %d (worst)",
          NODES / 10, drawn, load.ratio(), recovery.median(), recovery.worst());
    }
    var model = new ScalingModel(SEED, NODES, ROOMS, PEOPLE, Placement.DRAWN);
    ScalingModel.Load load = model.fill(SECONDS);
    say(
        "%d nodes: participants of a node %.0f, least %d, most %d",
        NODES, load.mean(), load.least(), load.most());
    assertTrue(load.ratio() < 1.5, load.toString());
    say("joins carried to another node: %.1f %%", 100 * model.foreignShare());
    say("frames of joins, a join: %.1f", model.framesPerJoin());
    say("frames of announcements, a second and node: %d", NODES - 1);
    say("messages of the directory, a join: %.0f", model.directoryMessagesPerJoin());
    for (int lost : new int[] {1, 10, 100}) {
      ScalingModel.Recovery recovery = model.lose(lost);
      say(
          "%d hosts gone: %d people, media again after %d ms (median), %d (p95), %d (worst)",
          lost, recovery.people(), recovery.median(), recovery.p95(), recovery.worst());
      assertTrue(recovery.median() < 4000, recovery.toString());
    }
    for (int perNode : new int[] {250, 1000, 3000}) {
      ScalingModel.Tree tree = ScalingModel.tree(ROOMS, perNode, 8);
      say(
          "100 000 viewers, %d a node: %d nodes, %d hops at most, %.1f on average",
          perNode, tree.nodes(), tree.depth(), tree.meanHops());
    }
  }

  private static void say(String format, Object... values) {
    System.out.println("scaling: " + String.format(Locale.ROOT, format, values));
  }
}
