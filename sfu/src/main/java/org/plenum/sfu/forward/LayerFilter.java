package org.plenum.sfu.forward;

import org.plenum.sfu.receive.FrameLayers;

/// Which frames of one layer's stream a slot forwards, where the stream has temporal or spatial
/// layers of its own, and how many packets and pictures it has left out before each packet.
/// Whatever the codec, it goes by [FrameLayers].
///
/// It goes down with the next picture, if what is left can be decoded from what was sent; up where
/// the stream says that it can be gone up. A target is *whole* if every frame of it that others
/// refer to has been forwarded since a key frame, or since the stream said that it can be taken up;
/// only whole targets are forwarded.
///
/// Packets may come late: they get the verdict that their picture had. No I/O, no clock; allocates
/// nothing after construction. One thread.
final class LayerFilter {
  /// The packet is forwarded.
  static final int FORWARD = 0;

  /// It is left out, and the numbers close up over it.
  static final int OMIT = 1;

  /// It is left out, but its number was kept free for it while it was missing: something must take
  /// its place.
  static final int BLANK = 2;

  /// Pictures whose verdicts are kept: two seconds of a camera's.
  private static final int PICTURES = 64;

  /// Stretches of packets left out that are remembered.
  private static final int STRETCHES = 128;

  /// A stream that announces no switching point for this many pictures never will.
  private static final int MOST_PICTURES_WAITING = 120;

  /// The targets that have the lowest temporal layer only.
  private static final int LOWEST_TEMPORAL = 0x1111;

  /// [#picture]: the stream does not say.
  private static final int UNKNOWN = -1;

  private int wanted = FrameLayers.EVERYTHING;

  /// What is forwarded of the present picture.
  private int current = FrameLayers.EVERYTHING;

  /// The targets that are whole.
  private int whole = FrameLayers.ALL_TARGETS;

  /// Whether a packet came, and whether the next one begins the first picture of all.
  private boolean started;

  private boolean fresh;
  private long highest;
  private int timestamp;

  /// Up to here nothing was left out.
  private long passedUntil = Long.MIN_VALUE;

  private long presentFrame;
  private int picturesWaiting;

  /// What the viewer was told of the target, or must be told with the next packet.
  private boolean targetChanged;

  // The latest packet left out in order, so that what is missing of its frame is left out too.
  private long omittedFrame;
  private int omittedTimestamp;
  private long omittedNumber = Long.MIN_VALUE;

  private int omittedPackets;
  private int omittedPictures;

  // What the packet says of its picture, and what the latest in order said.
  private int pictureId = UNKNOWN;
  private int pictureIdBits;
  private int tl0PicIdx = UNKNOWN;
  private int presentPictureId = UNKNOWN;
  private int presentTl0PicIdx = UNKNOWN;

  private final int[] pictureTimestamps = new int[PICTURES];
  private final byte[] pictureTargets = new byte[PICTURES];
  private int pictures;

  private final long[] firsts = new long[STRETCHES];
  private final long[] lasts = new long[STRETCHES];
  private final int[] packetsAfter = new int[STRETCHES];
  private final int[] picturesAfter = new int[STRETCHES];

  /// Whole pictures that are missing in these packets before the stretch are left out.
  private final long[] gapFirsts = new long[STRETCHES];

  /// Timestamp of the picture after them.
  private final int[] gapTimestamps = new int[STRETCHES];
  private int stretches;

  /// What goes with the latest packet that was forwarded or blanked.
  private long omitted;

  /// Starts anew with the first packet of a key frame: nothing was left out.
  void start() {
    started = false;
    fresh = true;
    passedUntil = Long.MIN_VALUE;
    whole = FrameLayers.ALL_TARGETS;
    current = wanted;
    omittedPackets = 0;
    omittedPictures = 0;
    omittedNumber = Long.MIN_VALUE;
    pictures = 0;
    stretches = 0;
    picturesWaiting = 0;
    targetChanged = wanted != FrameLayers.EVERYTHING;
    presentPictureId = UNKNOWN;
    presentTl0PicIdx = UNKNOWN;
  }

  /// The next picture tells the viewer of the target again.
  void sayTargetAgain() {
    targetChanged = true;
  }

  /// The target that it shall come to.
  ///
  /// @return whether it was another one before
  boolean want(int target) {
    boolean isOther = target != wanted;
    if (isOther) {
      wanted = target;
      picturesWaiting = 0;
    }
    return isOther;
  }

  int wanted() {
    return wanted;
  }

  /// The target of the latest picture.
  int current() {
    return current;
  }

  /// Whether it lets everything pass, and has left nothing out.
  boolean isIdle() {
    return wanted == FrameLayers.EVERYTHING
        && current == FrameLayers.EVERYTHING
        && omittedPackets == 0;
  }

  /// Whether only a key frame can bring the picture that it shall come to.
  boolean needsKeyFrame() {
    return (whole >> 4 * FrameLayers.spatial(wanted) & 0xF) == 0;
  }

  /// Whether a key frame must bring what the stream does not announce; says so once.
  boolean takeStuck() {
    boolean stuck = picturesWaiting >= MOST_PICTURES_WAITING;
    picturesWaiting = stuck ? 0 : picturesWaiting;
    return stuck;
  }

  /// What the packet that comes next says of its picture (VP8, RFC 7741 §4.2).
  ///
  /// @param id its picture id
  /// @param idBits 7 or 15; 0 if it has none
  /// @param tl0 its TL0PICIDX, negative if it has none
  void picture(int id, int idBits, int tl0) {
    pictureId = idBits == 0 ? UNKNOWN : id;
    pictureIdBits = idBits;
    tl0PicIdx = Math.max(tl0, UNKNOWN);
  }

  /// A packet of the stream.
  ///
  /// @param number the layer's, unwrapped
  /// @param at its timestamp
  /// @param frame what it belongs to
  /// @param keyFrameStart whether a decoder can start with it
  /// @return the verdict; with [#FORWARD] and [#BLANK], [#omitted] goes with the packet
  int onPacket(long number, int at, long frame, boolean keyFrameStart) {
    if (isIdle() && !fresh && FrameLayers.isIn(frame, FrameLayers.EVERYTHING)) {
      return pass(number, at, frame);
    }
    return started && number < highest
        ? late(number, at, frame, keyFrameStart)
        : next(number, at, frame, keyFrameStart);
  }

  /// What was left out before the latest packet forwarded, as [Omitted] packs it, and what of it
  /// has to be changed.
  long omitted() {
    return omitted;
  }

  private int pass(long number, int at, long frame) {
    if (!started || number > highest) {
      started = true;
      highest = number;
      passedUntil = number;
      timestamp = at;
      presentFrame = frame;
      presentPictureId = pictureId;
      presentTl0PicIdx = tl0PicIdx;
    }
    omitted = Omitted.NOTHING;
    return FORWARD;
  }

  private int next(long number, int at, long frame, boolean keyFrameStart) {
    boolean newPicture = fresh || started && at != timestamp;
    boolean newFrame = newPicture || FrameLayers.own(frame) != FrameLayers.own(presentFrame);
    if (newPicture && started) {
      leaveOutMissing(number, at, frame);
    }
    started = true;
    fresh = false;
    timestamp = at;
    presentPictureId = pictureId;
    presentTl0PicIdx = tl0PicIdx;
    if (newFrame || keyFrameStart) {
      takeUp(frame, keyFrameStart);
      presentFrame = frame;
    }
    if (newPicture) {
      choose(keyFrameStart ? FrameLayers.present(frame) : FrameLayers.ALL_TARGETS);
      remember(at);
    }
    long previous = highest;
    highest = number;
    if (FrameLayers.isIn(frame, current)) {
      omitted = packed(frame, current, newPicture);
      return FORWARD;
    }
    whole &= ~FrameLayers.broken(frame);
    omit(number, previous, at, frame, newPicture);
    return OMIT;
  }

  /// Pictures of which no packet came before this one, the first of another picture. Their numbers
  /// are kept free, for nobody knows where the picture before them ends; but if none of the lowest
  /// temporal layer is among them, which TL0PICIDX tells, and only that layer is forwarded, then
  /// they are left out, and the picture ids close up over them. What comes of them is blanked. In
  /// other cases nobody knows what they are, and one that is blanked leaves a gap of one id.
  private void leaveOutMissing(long number, int at, long frame) {
    if (!FrameLayers.isCountedPicture(frame) || presentPictureId < 0 || pictureId < 0) {
      return;
    }
    int missing = pictureId - presentPictureId - 1 & (1 << pictureIdBits) - 1;
    boolean fits = missing > 0 && missing < number - highest;
    boolean isLowestOnly = FrameLayers.temporal(current) == 0;
    if (fits && isLowestOnly && goesOnAtTheLowest(frame)) {
      omittedPictures += missing;
      whole &= LOWEST_TEMPORAL;
      gapTimestamps[stretches % STRETCHES] = at;
      begin(number, highest + 1);
      end(number - 1);
    }
  }

  /// Whether no picture of the lowest temporal layer is missing before this one.
  private boolean goesOnAtTheLowest(long frame) {
    int step = FrameLayers.temporal(FrameLayers.own(frame)) == 0 ? 1 : 0;
    return presentTl0PicIdx >= 0 && tl0PicIdx >= 0 && (presentTl0PicIdx + step & 0xFF) == tl0PicIdx;
  }

  private void takeUp(long frame, boolean keyFrameStart) {
    if (keyFrameStart) {
      whole = FrameLayers.ALL_TARGETS;
      return;
    }
    boolean decodable =
        FrameLayers.isIndependent(frame) || (whole >> FrameLayers.needed(frame) & 1) != 0;
    if (decodable) {
      whole |= FrameLayers.switching(frame);
      if (FrameLayers.isTemporalUp(frame)) {
        takeUpTemporal(FrameLayers.temporal(FrameLayers.own(frame)));
      }
    }
  }

  private void takeUpTemporal(int from) {
    for (int spatial = 0; spatial <= 3; spatial++) {
      if ((whole >> FrameLayers.target(spatial, from) & 1) != 0) {
        whole |= (0xF << from & 0xF) << 4 * spatial;
      }
    }
  }

  /// The best whole target up to the one wanted; if only larger pictures are whole, the smallest of
  /// them, until a key frame comes.
  private void choose(int among) {
    int possible = whole & among;
    int before = current;
    int spatial = FrameLayers.spatial(wanted);
    int best = -1;
    for (int s = spatial; s >= 0 && best < 0; s--) {
      best = bestTemporal(possible, s);
    }
    for (int s = spatial + 1; s <= 3 && best < 0; s++) {
      best = bestTemporal(possible, s);
    }
    if (best >= 0) {
      current = best;
    }
    boolean isAwaited = FrameLayers.spatial(current) == spatial && current != wanted;
    picturesWaiting = isAwaited ? picturesWaiting + 1 : 0;
    targetChanged |= current != before;
  }

  private int bestTemporal(int possible, int spatial) {
    for (int t = FrameLayers.temporal(wanted); t >= 0; t--) {
      int target = FrameLayers.target(spatial, t);
      if ((possible >> target & 1) != 0) {
        return target;
      }
    }
    return -1;
  }

  private void remember(int at) {
    pictureTimestamps[pictures % PICTURES] = at;
    pictureTargets[pictures % PICTURES] = (byte) current;
    pictures++;
  }

  private void omit(long number, long previous, int at, long frame, boolean newPicture) {
    boolean goesOn =
        omittedNumber == previous
            && omittedTimestamp == at
            && omittedFrame == FrameLayers.own(frame);
    long first = goesOn ? previous + 1 : number;
    omittedPackets += (int) (number - first + 1);
    if (newPicture && FrameLayers.isCountedPicture(frame)) {
      omittedPictures++;
    }
    boolean adjoins = stretches > 0 && lasts[(stretches - 1) % STRETCHES] == first - 1;
    if (!adjoins) {
      begin(first, first);
    }
    end(number);
    omittedNumber = number;
    omittedTimestamp = at;
    omittedFrame = FrameLayers.own(frame);
  }

  private void begin(long first, long gapFirst) {
    firsts[stretches % STRETCHES] = first;
    gapFirsts[stretches % STRETCHES] = gapFirst;
    stretches++;
  }

  /// The latest stretch ends with this packet, or is empty if that is the one before its first.
  private void end(long last) {
    int stretch = (stretches - 1) % STRETCHES;
    lasts[stretch] = last;
    packetsAfter[stretch] = omittedPackets;
    picturesAfter[stretch] = omittedPictures;
  }

  private int late(long number, int at, long frame, boolean keyFrameStart) {
    int packets = 0;
    int picturesBefore = 0;
    int unlessKnown = current;
    if (stretches > 0) {
      int oldest = Math.max(0, stretches - STRETCHES);
      int i = stretches - 1;
      while (i >= oldest && firsts[i % STRETCHES] > number) {
        i--;
      }
      if (i >= oldest) {
        if (number <= lasts[i % STRETCHES]) {
          return OMIT; // of a frame left out: it was counted when the packets around it were
        }
        packets = packetsAfter[i % STRETCHES];
        picturesBefore = picturesAfter[i % STRETCHES];
      } else if (oldest > 0) {
        return OMIT; // so late that nothing is known of it
      }
      int next = (i + 1) % STRETCHES;
      if (i + 1 < stretches && number >= gapFirsts[next]) {
        unlessKnown = FrameLayers.target(FrameLayers.spatial(current), 0);
        picturesBefore = at == gapTimestamps[next] ? picturesAfter[next] : picturesBefore;
      }
    }
    int target = number <= passedUntil ? FrameLayers.EVERYTHING : targetOf(at, unlessKnown);
    boolean isIn = FrameLayers.isIn(frame, target);
    if (!isIn) {
      whole &= ~FrameLayers.broken(frame);
    } else if (keyFrameStart && at == timestamp) {
      whole = FrameLayers.ALL_TARGETS;
    }
    omitted =
        Omitted.of(packets, picturesBefore, isIn && endsPicture(frame, target), Omitted.NO_TARGET);
    return isIn ? FORWARD : BLANK;
  }

  private int targetOf(int at, int unlessKnown) {
    for (int i = pictures - 1; i >= Math.max(0, pictures - PICTURES); i--) {
      if (pictureTimestamps[i % PICTURES] == at) {
        return pictureTargets[i % PICTURES];
      }
    }
    return unlessKnown;
  }

  private long packed(long frame, int target, boolean newPicture) {
    boolean tells = newPicture && targetChanged;
    targetChanged &= !tells;
    return Omitted.of(
        omittedPackets,
        omittedPictures,
        endsPicture(frame, target),
        tells ? target : Omitted.NO_TARGET);
  }

  /// Whether what is forwarded of the picture ends with this packet, while the publisher's goes on.
  private static boolean endsPicture(long frame, int target) {
    return FrameLayers.ends(frame)
        && FrameLayers.spatial(FrameLayers.own(frame)) == FrameLayers.spatial(target);
  }
}
