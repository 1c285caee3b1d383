package org.plenum.bench.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.ice4j.attribute.Attribute;
import org.junit.jupiter.api.Test;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.agent.ConnectivityCheck;
import org.plenum.ice.agent.IceCredentials;
import org.plenum.ice.agent.StunFraming;

class PathFinderTest {
  private static final NetworkPath FIRST = new NetworkPath(0, 1, 1000, 0, 0, -5000);
  private static final NetworkPath SECOND = new NetworkPath(0, 2, 1000, 0, 0, -5000);
  private static final long SECOND_NANOS = 1_000_000_000L;

  private record Sent(MemorySegment request, NetworkPath path) {
    boolean nominates() {
      return StunFraming.find(request, 0, (int) request.byteSize(), Attribute.USE_CANDIDATE) >= 0;
    }
  }

  private final List<Sent> sent = new ArrayList<>();

  private PathFinder finder(boolean lite) {
    return new PathFinder(
        new ConnectivityCheck(IceCredentials.random(), "abcd", 1),
        List.of(FIRST, SECOND),
        lite,
        new Random(1),
        (request, path) -> sent.add(new Sent(MemorySegment.ofArray(request), path)));
  }

  /// A success response has the transaction id of its request.
  private static boolean answer(PathFinder finder, Sent request) {
    return finder.onSuccess(request.request(), 0);
  }

  /// RFC 8445 §8.1.1.
  @Test
  void ofAFullAgentThePathThatAnsweredFirstIsNominatedAndUsedWhenThatWasAnswered() {
    PathFinder finder = finder(false);
    finder.onTimeout(0);

    assertEquals(List.of(FIRST, SECOND), sent.stream().map(Sent::path).toList());
    assertTrue(sent.stream().noneMatch(Sent::nominates));
    assertFalse(answer(finder, sent.get(1)));
    Sent nomination = sent.getLast();
    assertEquals(SECOND, nomination.path());
    assertTrue(nomination.nominates());
    assertTrue(answer(finder, nomination));
    assertEquals(SECOND, finder.path());
  }

  @Test
  void aNominationThatIsNotAnsweredIsSentAgainToTheSamePath() {
    PathFinder finder = finder(false);
    finder.onTimeout(0);
    answer(finder, sent.get(1));
    sent.clear();
    finder.onTimeout(SECOND_NANOS);

    assertEquals(1, sent.size());
    assertEquals(SECOND, sent.getFirst().path());
    assertTrue(sent.getFirst().nominates());
  }

  /// RFC 8445 §8.1.1: a controlling agent nominates once; RFC 7675 asks for consent afterwards.
  @Test
  void consentIsAskedForOnTheNominatedPathOnlyAndDoesNotNominateAgain() {
    PathFinder finder = finder(false);
    finder.onTimeout(0);
    answer(finder, sent.getFirst());
    answer(finder, sent.getLast());
    sent.clear();
    finder.onTimeout(SECOND_NANOS);
    finder.onTimeout(SECOND_NANOS + 1);

    assertEquals(1, sent.size());
    assertEquals(FIRST, sent.getFirst().path());
    assertFalse(sent.getFirst().nominates());
  }

  @Test
  void towardsALiteAgentEachCheckNominatesAndTheFirstAnswerWillDo() {
    PathFinder finder = finder(true);
    finder.onTimeout(0);

    assertTrue(sent.stream().allMatch(Sent::nominates));
    assertTrue(answer(finder, sent.get(1)));
    assertEquals(SECOND, finder.path());
  }
}
