package org.plenum.sfu.speaker;

import java.util.Random;

/// People who talk by turns and interrupt each other, each before their own noise: levels of frames
/// of 20 ms, the same for each seed.
final class Conversation {
  static final long FRAME_NANOS = 20_000_000L;

  /// The first one opens the meeting, the others listen.
  private static final int OPENING_FRAMES = 250;

  static final long OPENING_MILLIS = OPENING_FRAMES * FRAME_NANOS / 1_000_000;

  /// No packet (DTX).
  static final int NOTHING = -1;

  private final Random random;
  private final int[] noise;
  private final int[] voice;
  private final boolean[] dtx;
  private final int[] framesLeft;
  private final boolean[] talks;

  Conversation(int people, long seed) {
    random = new Random(seed);
    noise = new int[people];
    voice = new int[people];
    dtx = new boolean[people];
    framesLeft = new int[people];
    talks = new boolean[people];
    for (int i = 0; i < people; i++) {
      noise[i] = 20 + random.nextInt(40);
      voice[i] = 78 + random.nextInt(30);
      dtx[i] = random.nextInt(3) == 0;
      framesLeft[i] = OPENING_FRAMES + random.nextInt(200);
    }
    talks[0] = true;
    voice[0] = 100;
  }

  /// The level of a person's next frame, 0 (silence) to 127, or [#NOTHING].
  int next(int person) {
    if (framesLeft[person]-- <= 0) {
      talks[person] = random.nextInt(4) == 0;
      framesLeft[person] = 10 + random.nextInt(talks[person] ? 300 : 200);
    }
    if (!talks[person]) {
      return dtx[person] && random.nextInt(20) != 0 ? NOTHING : noise[person] + random.nextInt(6);
    }
    boolean betweenSyllables = random.nextInt(8) == 0;
    return betweenSyllables
        ? noise[person] + random.nextInt(20)
        : voice[person] - 8 + random.nextInt(17);
  }
}
