package org.plenum.sfu.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.sfu.rtp.NetworkOrder.put16;
import static org.plenum.sfu.rtp.NetworkOrder.put32;
import static org.plenum.sfu.rtp.NetworkOrder.put8;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a viewer may say of what it got, be it true or not: bounded, counted, harmless to others.
class HostileViewerTest {
  private static final double FROM = 3;
  private static final double UNTIL = 13;

  /// What it does wrong, from the third second on.
  private enum Fault {
    NEVER_ANY_FEEDBACK {
      @Override
      void begin(SimulatedViewer viewer) {
        viewer.sendsFeedback(false);
      }
    },
    FEEDBACK_STOPS {
      @Override
      void act(SimulatedViewer viewer, Random random) {
        viewer.sendsFeedback(false);
      }
    },
    NEVER_SENT_PACKETS {
      @Override
      void act(SimulatedViewer viewer, Random random) {
        sendFeedback(viewer, random.nextInt(1 << 16), 100, random.nextInt(1 << 24), random);
      }
    },
    ABSURD_COUNTS {
      @Override
      void act(SimulatedViewer viewer, Random random) {
        sendFeedback(viewer, random.nextInt(1 << 16), 65_535, 1, random);
      }
    },
    CLOCK_GOES_BACKWARDS {
      private int clock = 1 << 23;

      @Override
      void act(SimulatedViewer viewer, Random random) {
        clock -= 1000;
        sendFeedback(viewer, random.nextInt(1 << 16), 7, clock & 0xFF_FFFF, random);
      }
    },
    REMB_OF_NOTHING {
      @Override
      void act(SimulatedViewer viewer, Random random) {
        sendRemb(viewer, 0);
      }
    },
    REMB_OF_2_TO_THE_63RD {
      @Override
      void act(SimulatedViewer viewer, Random random) {
        sendRemb(viewer, 63 << 18 | 1);
      }
    },
    NACK_FLOOD {
      @Override
      void act(SimulatedViewer viewer, Random random) {
        int newest = (int) viewer.video(0).highest;
        int[] all = IntStream.range(newest - 300, newest).map(n -> n & 0xFFFF).toArray();
        viewer.beginRtcp().nack(viewer.ownSsrc, viewer.video(0).ssrc, all, all.length);
        viewer.sendRtcp();
      }
    };

    /// Before it enters.
    void begin(SimulatedViewer viewer) {}

    /// A hundred times a second.
    void act(SimulatedViewer viewer, Random random) {}
  }

  @ParameterizedTest
  @EnumSource
  void othersSeeNothingOfIt(Fault fault) {
    try (var call = new SimulatedCall()) {
      SimulatedPublisher publisher = call.publisher("p").enter();
      SimulatedViewer honest = call.viewer("v");
      honest.enter(1);
      SimulatedViewer hostile = call.viewer("x");
      hostile.down.rate(20_000_000);
      fault.begin(hostile);
      hostile.enter(1);
      call.runUntil(FROM);
      var before = Measure.of(hostile);
      var random = new Random(fault.ordinal());
      for (int i = 1; i <= 100 * (UNTIL - FROM); i++) {
        fault.act(hostile, random);
        call.runUntil(FROM + i / 100.0);
      }
      var after = Measure.of(hostile);
      Measure.print(fault.name(), "10 s", before, after, hostile);
      assertEquals(0, honest.picture().frozenSeconds(FROM, UNTIL), "seconds frozen");
      assertEquals(720, honest.picture().height());
      assertEquals(0, hostile.corrupt());
      assertTrue(after.bitrateSince(before) <= 6_000_000, "bits a second for the hostile one");
      assertTrue(publisher.keyFrames() <= 30, "key frames");
    }
  }

  @Test
  void thousandSeatsAreRefused() {
    try (var call = new SimulatedCall()) {
      SimulatedViewer greedy = call.viewer("x");
      var refusal = assertThrows(CompletionException.class, () -> greedy.enter(250));
      assertTrue(refusal.getMessage().contains("at most 128 slots"), refusal.getMessage());
    }
  }

  @Test
  void asManySeatsAsThereMayBeAreServed() {
    try (var call = new SimulatedCall()) {
      call.publisher("p").enter();
      SimulatedViewer viewer = call.viewer("v").enter(64);
      call.runUntil(4);
      assertEquals(720, viewer.picture().height());
    }
  }

  /// Feedback on so many packets, received ones as far as they fit, with a run of small deltas.
  private static void sendFeedback(
      SimulatedViewer viewer, int base, int count, int reference, Random random) {
    int received = Math.min(count, 500);
    byte[] fci = new byte[8 + 2 + (count > received ? 18 : 0) + received];
    var bytes = MemorySegment.ofArray(fci);
    put16(bytes, 0, base);
    put16(bytes, 2, count);
    put32(bytes, 4, reference << 8 | random.nextInt(256));
    put16(bytes, 8, 1 << 13 | received);
    int at = 10;
    for (int left = count - received; left > 0; left -= 0x1FFF) {
      put16(bytes, at, Math.min(left, 0x1FFF));
      at += 2;
    }
    for (int i = 0; i < received; i++) {
      put8(bytes, at + i, random.nextInt(256));
    }
    viewer.beginRtcp().transportCc(viewer.ownSsrc, viewer.video(0).ssrc, fci, at + received);
    viewer.sendRtcp();
  }

  /// @param rate six bits of exponent, 18 of mantissa
  private static void sendRemb(SimulatedViewer viewer, int rate) {
    int at = viewer.beginRtcp().length();
    var slab = viewer.slab;
    put8(slab, at, 0x80 | 15);
    put8(slab, at + 1, 206);
    put16(slab, at + 2, 5);
    put32(slab, at + 4, viewer.ownSsrc);
    put32(slab, at + 8, 0);
    put32(slab, at + 12, 0x52454D42); // REMB
    put32(slab, at + 16, 1 << 24 | rate);
    put32(slab, at + 20, viewer.video(0).ssrc);
    viewer.sendRtcp(at + 24);
  }
}
