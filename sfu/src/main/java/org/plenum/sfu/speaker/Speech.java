package org.plenum.sfu.speaker;

/// How much speech there has been on one microphone during the last second, by the levels of its
/// packets (RFC 6464), over three spans of time as in Volfin and Cohen, "Dominant Speaker
/// Identification for Multipoint Videoconferencing" (2012): this frame, five frames, fifty frames.
///
/// A packet is taken for a frame of 20 ms. Where none comes for 40 ms (DTX, muted, lost), a silent
/// frame is taken to have come for each 40 ms. Allocates nothing; owned by one thread.
public final class Speech {
  /// As quiet as can be said: the scale here is that of RFC 6464 upside down, 0 to 127.
  static final int SILENCE = 0;

  private static final int LOUDEST = 127;
  private static final int FRAMES = 50;
  private static final int FRAMES_PER_BLOCK = 5;
  private static final long IDLE_NANOS = 40_000_000L;

  /// Levels are told apart in steps of so much; and what is not so much above a microphone's own
  /// noise is noise.
  private static final int STEP = 10;

  /// Frames whose step is above this are active in a block (the paper's sub-bands).
  private static final int ACTIVE_STEP = 7;

  /// Blocks with more active frames than this are active in the second.
  private static final int ACTIVE_FRAMES = 4;

  /// After so many frames a rise of the noise is believed: 15 s.
  private static final int NOISE_FRAMES = 750;

  /// About -50 dBov: what is quieter is no speech.
  private static final int FLOOR = 77;

  /// About -30 dBov: what is louder is speech, even if it never changes.
  private static final int CEILING = 97;

  private static final double RISE = 0.2;
  private static final double FALL = 0.05;

  private final byte[] levels = new byte[FRAMES];
  private int newest;
  private int noise;
  private int nextNoise;
  private int nextNoiseFrames;
  private long frameNanos;
  private long idleTick;
  private boolean begun;
  private double loudness;

  private int immediate;
  private int medium;
  private int overall;

  /// A packet came.
  ///
  /// @param level in -dBov: 0 is loudest, 127 silence; what is beyond is taken for these
  public void onLevel(int level, long nowNanos) {
    advance(nowNanos);
    begun = true;
    frameNanos = nowNanos;
    push(Math.clamp(LOUDEST - level, SILENCE, LOUDEST));
  }

  /// Notes the frames that did not come.
  void advance(long nowNanos) {
    if (!begun) {
      return;
    }
    long tick = Math.floorDiv(nowNanos, IDLE_NANOS);
    long from = Math.max(idleTick, Math.floorDiv(frameNanos + IDLE_NANOS, IDLE_NANOS));
    for (long missed = Math.min(tick - from, FRAMES); missed > 0; missed--) {
      push(SILENCE);
    }
    idleTick = tick;
  }

  private void push(int level) {
    newest = newest == 0 ? FRAMES - 1 : newest - 1;
    levels[newest] = (byte) level;
    loudness += (level - loudness) * (level > loudness ? RISE : FALL);
    if (level != SILENCE) {
      learnNoise(level);
    }
  }

  /// The noise is the lowest level; if none was so low for long, it has risen.
  private void learnNoise(int level) {
    if (noise == SILENCE || level < noise) {
      noise = level;
      nextNoise = SILENCE;
      nextNoiseFrames = 0;
      return;
    }
    nextNoise = nextNoise == SILENCE ? level : Math.min(nextNoise, level);
    if (++nextNoiseFrames >= NOISE_FRAMES) {
      noise = (int) Math.sqrt((double) noise * nextNoise);
      nextNoise = SILENCE;
      nextNoiseFrames = 0;
    }
  }

  /// Computes the three activities anew.
  void evaluate(long nowNanos) {
    advance(nowNanos);
    int at = newest;
    int activeFrames = 0;
    medium = 0;
    overall = 0;
    for (int frame = 0; frame < FRAMES; frame++) {
      int step = step(levels[at]);
      at = at + 1 == FRAMES ? 0 : at + 1;
      immediate = frame == 0 ? step : immediate;
      activeFrames += step > ACTIVE_STEP ? 1 : 0;
      if (frame % FRAMES_PER_BLOCK == FRAMES_PER_BLOCK - 1) {
        medium = frame < FRAMES_PER_BLOCK ? activeFrames : medium;
        overall += activeFrames > ACTIVE_FRAMES ? 1 : 0;
        activeFrames = 0;
      }
    }
  }

  private int step(int level) {
    return level < noise + STEP ? 0 : level / STEP;
  }

  /// Of the latest frame: 0 to 12.
  int immediate() {
    return immediate;
  }

  /// Active frames of the latest block: 0 to 5.
  int medium() {
    return medium;
  }

  /// Active blocks of the latest second: 0 to 10.
  int overall() {
    return overall;
  }

  /// Whether a level has ever come.
  boolean hasBegun() {
    return begun;
  }

  /// Whether a packet of this level is louder than noise.
  ///
  /// @param level in -dBov, as [#onLevel] takes it
  boolean isLoud(int level) {
    return LOUDEST - level >= threshold();
  }

  private int threshold() {
    return Math.max(FLOOR, Math.min(noise + STEP, CEILING));
  }

  /// Whether most of the latest block is louder than noise.
  boolean isLoud() {
    int threshold = threshold();
    int loud = 0;
    int at = newest;
    for (int i = 0; i < FRAMES_PER_BLOCK; i++) {
      loud += levels[at] >= threshold ? 1 : 0;
      at = at + 1 == FRAMES ? 0 : at + 1;
    }
    return 2 * loud > FRAMES_PER_BLOCK;
  }

  /// Smoothed level, 0 (silence) to 127 (loudest).
  double loudness() {
    return loudness;
  }
}
