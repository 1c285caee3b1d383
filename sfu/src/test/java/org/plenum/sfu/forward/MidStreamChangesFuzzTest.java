package org.plenum.sfu.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.plenum.sfu.Codec;
import org.plenum.sfu.MediaKind;

/// A publisher that changes SSRCs, layers, sizes, numbers, payload types and codecs in mid-stream,
/// and a viewer who asks for what it got once more: no number is used twice, what is sent again is
/// what was sent, each splice begins with a key frame, and each packet at the slot has one verdict.
@Tag("fuzz")
class MidStreamChangesFuzzTest {
  private static final long MILLI = 1_000_000;
  private static final int MOST_STEPS = 100;
  private static final int MOST_ASKED_AGAIN = 16;

  /// So small that packets are gone before they are sent, or asked for again.
  private static final TestPublisher.CacheSize SMALL = new TestPublisher.CacheSize(1 << 10, 32);

  private static final Codec[] CODECS = {
    TestPublisher.VP8, TestPublisher.VP8_AGAIN, TestPublisher.VP9
  };

  @FuzzTest(maxDuration = "5s")
  void whatIsSentStaysSound(FuzzedDataProvider data) {
    List<TestPublisher> layers = TestPublisher.simulcast("p", SMALL, 180, 360, 720);
    Track track = layers.getFirst().track;
    var viewer = new TestViewer(MediaKind.VIDEO);
    viewer.slot.bind(track);
    try {
      play(layers, viewer, data);
      long offers = layers.stream().mapToLong(layer -> layer.offers).sum();
      assertEquals(offers, viewer.verdicts());
      viewer.nackLatest(MOST_ASKED_AGAIN);
      viewer.all();
      viewer.assertSplicesBeginWell();
    } finally {
      viewer.slot.end();
      track.end();
      layers.forEach(layer -> layer.layer().close());
    }
  }

  private static void play(List<TestPublisher> layers, TestViewer viewer, FuzzedDataProvider data) {
    long now = Long.MAX_VALUE - 500 * MILLI;
    for (int step = 0; step < MOST_STEPS && data.remainingBytes() > 0; step++) {
      now += data.consumeInt(0, 60) * MILLI;
      change(layers.get(data.consumeInt(0, layers.size() - 1)), viewer, data, now);
      if (data.consumeBoolean()) {
        viewer.flush(now);
        viewer.nackLatest(MOST_ASKED_AGAIN);
      }
    }
    viewer.flush(now);
  }

  private static void change(
      TestPublisher layer, TestViewer viewer, FuzzedDataProvider data, long now) {
    switch (data.consumeInt(0, 11)) {
      case 0, 1 -> layer.sendFrame(data.consumeBoolean(), data.consumeInt(1, 4), now);
      case 2 -> layer.frame(false, data.consumeInt(1, 3), now); // lost on the way
      case 3 -> replace(layer);
      case 4 -> layer.jump(data.consumeInt(-40_000, 40_000));
      case 5 -> layer.codec(data.pickValue(CODECS));
      case 6 -> layer.height(data.consumeInt(0, 1080));
      case 7 -> viewer.slot.maxHeight(data.consumeInt(0, 1080));
      case 8 -> viewer.open = data.consumeBoolean();
      case 9 -> viewer.slot.onKeyFrameNeeded();
      case 10 -> viewer.overflowing = data.consumeInt(0, 3);
      default -> viewer.flush(now);
    }
  }

  /// Another SSRC, as far as the server would take it.
  private static void replace(TestPublisher layer) {
    boolean hasBegun = layer.track.layers().contains(layer.layer());
    if (hasBegun && layer.track.acceptsLayer(layer.nextSsrc())) {
      layer.replaceLayer();
    }
  }
}
