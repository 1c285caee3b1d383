package org.plenum.sfu.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.receive.SimulatedLink;

/// Random publishers, losses and rebindings; the viewer checks what it gets as a decoder would.
class RebindingPropertyTest {
  private static final long MILLI = 1_000_000;
  private static final int STEPS = 4_000;
  private static final int QUIET_STEPS = 200;

  @Test
  void picturesNeverBreakWhateverIsBoundAndLost() {
    for (long seed = 0; seed < 16; seed++) {
      new Run(seed).run();
    }
  }

  private static final class Run {
    private final Random random;
    private final List<TestPublisher> publishers = new ArrayList<>();
    private final List<SimulatedLink<TestPublisher.Packet>> links = new ArrayList<>();
    private final List<TestViewer> viewers = new ArrayList<>();
    private final boolean[] keyFrameDue = new boolean[3];

    Run(long seed) {
      random = new Random(seed);
      for (int i = 0; i < 3; i++) {
        publishers.add(TestPublisher.camera("p" + i, seed % 4 == 0 ? 7 : 15));
        links.add(new SimulatedLink<>(seed * 3 + i, 0, 5 * MILLI, 9 * MILLI));
        viewers.add(new TestViewer(MediaKind.VIDEO));
      }
    }

    void run() {
      for (int step = 0; step < STEPS + QUIET_STEPS; step++) {
        long now = step * 5 * MILLI;
        if (step < STEPS) {
          publish(step, now);
          rebind();
        }
        for (int i = 0; i < publishers.size(); i++) {
          TestPublisher publisher = publishers.get(i);
          links.get(i).deliver(now, packet -> publisher.arrive(packet, now));
        }
        for (TestViewer viewer : viewers) {
          viewer.flush(now);
          if (step % 4 == 0) {
            viewer.nackGaps();
          }
        }
      }
      check();
    }

    private void publish(int step, long now) {
      for (int i = 0; i < publishers.size(); i++) {
        keyFrameDue[i] |= publishers.get(i).layer().keyFrames().takeDue(now);
        if (step % 7 != i) {
          continue;
        }
        int packets = keyFrameDue[i] ? 3 + random.nextInt(8) : 1 + random.nextInt(3);
        for (var packet : publishers.get(i).frame(keyFrameDue[i], packets, now)) {
          // One in ten is lost and comes by retransmission.
          long retransmitted = random.nextInt(10) == 0 ? (20 + random.nextInt(60)) * MILLI : 0;
          links.get(i).send(packet, now + retransmitted);
        }
        keyFrameDue[i] = false;
      }
    }

    private void rebind() {
      for (TestViewer viewer : viewers) {
        if (random.nextInt(25) == 0) {
          int choice = random.nextInt(4);
          viewer.slot.bind(choice == 3 ? null : publishers.get(choice).track);
        }
      }
    }

    private void check() {
      long offers = 0;
      long verdicts = 0;
      for (TestViewer viewer : viewers) {
        assertTrue(viewer.sent.size() > 500, viewer.sent.size() + " packets");
        viewer.assertPlaysWithoutABreak();
        verdicts += viewer.verdicts();
      }
      for (TestPublisher publisher : publishers) {
        offers += publisher.offers;
        publisher.track.end();
      }
      assertEquals(offers, verdicts);
    }
  }
}
