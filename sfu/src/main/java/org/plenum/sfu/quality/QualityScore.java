package org.plenum.sfu.quality;

/// Scores a second of a track at a viewer: every symptom costs points, and is laid at the door of
/// the first place on the way that explains it. What was lost before the server is not blamed on
/// the viewer, although the viewer reports it too. A freeze, or frames that came and are not shown,
/// are blamed on whatever else was wrong, and on the viewer's device only if nothing was. A pure
/// function.
public final class QualityScore {
  private static final int FULL = 100;

  /// Loss that nobody could follow through, after repair and before it.
  private static final double WORST_LOSS = 0.15;

  private static final double WORST_REPAIRED_LOSS = 0.4;

  /// Points that each symptom costs at its worst.
  private static final double LOSS = 65;

  private static final double REPAIRED_LOSS = 25;
  private static final double FRAMES = 60;
  private static final double KEY_FRAME = 50;
  private static final double DELAY = 40;
  private static final double JITTER = 25;
  private static final double PAUSED = 70;
  private static final double OCTAVE = 20;

  /// Half as many pictures a second are less of a loss than half the height.
  private static final double FRAME_OCTAVE = 12;

  private static final double FREEZE = 80;

  /// Fewer frames than this share do not show; cameras are not that regular.
  private static final double TOLERATED_FRAMES = 0.1;

  private final double[] points = new double[QualityCause.values().length];

  private QualityScore() {}

  /// The same where nothing was wrong before.
  public static Quality of(PublisherSecond publisher, ServerSecond server, ViewerSecond viewer) {
    return of(publisher, server, viewer, QualityCause.NONE);
  }

  /// @param before whose fault the latest bad second was, if it is not long ago: a page tells of a
  ///     freeze when it is over
  public static Quality of(
      PublisherSecond publisher, ServerSecond server, ViewerSecond viewer, QualityCause before) {
    var score = new QualityScore();
    score.charge(publisher);
    score.charge(server);
    score.chargeDownlink(publisher, server, viewer);
    QualityCause explained = score.explanation(viewer, before);
    score.chargeUnshown(viewer, explained);
    score.chargeFreeze(viewer, explained);
    return score.result();
  }

  /// How a track comes in at the server, whoever watches.
  public static Quality of(PublisherSecond publisher) {
    return of(publisher, ServerSecond.CLEAN, ViewerSecond.CLEAN);
  }

  private void charge(QualityCause cause, double worst, double severity) {
    points[cause.ordinal()] += worst * severity;
  }

  private void charge(PublisherSecond second) {
    double residual = second.lossAfterRepair();
    double repaired = second.lossBeforeRepair() - residual;
    charge(QualityCause.PUBLISHER_UPLINK, LOSS, Math.min(1, residual / WORST_LOSS));
    charge(
        QualityCause.PUBLISHER_UPLINK,
        REPAIRED_LOSS,
        Fractions.between(repaired, 0.02, WORST_REPAIRED_LOSS));
    charge(
        QualityCause.PUBLISHER_UPLINK, JITTER, Fractions.between(second.jitterMillis(), 40, 200));
    double missing = Fractions.between(second.missingFrames(), TOLERATED_FRAMES, 1);
    charge(blamed(second), FRAMES, missing);
    double wait = Fractions.between(second.keyFrameWaitMillis(), 300, 1_000);
    charge(blamed(second), KEY_FRAME, wait);
    boolean isDevice = second.limitation() == PublisherSecond.Limitation.CPU;
    chargeHeight(
        isDevice ? QualityCause.PUBLISHER_DEVICE : QualityCause.PUBLISHER_UPLINK,
        second.fullHeight(),
        second.sentHeight());
  }

  /// Frames that were lost are the uplink's, and so are those that the encoder withheld for the
  /// bandwidth; those that were never sent are the device's.
  private static QualityCause blamed(PublisherSecond second) {
    boolean network =
        second.limitation() == PublisherSecond.Limitation.BANDWIDTH
            || (second.limitation() == PublisherSecond.Limitation.NONE
                && second.lossBeforeRepair() > 0.02);
    return network ? QualityCause.PUBLISHER_UPLINK : QualityCause.PUBLISHER_DEVICE;
  }

  private void charge(ServerSecond second) {
    charge(QualityCause.SERVER, LOSS, Math.min(1, second.dropped() / WORST_LOSS));
    charge(QualityCause.SERVER, DELAY, Fractions.between(second.delayMillis(), 20, 300));
  }

  private void chargeDownlink(PublisherSecond publisher, ServerSecond server, ViewerSecond viewer) {
    double before = publisher.lossAfterRepair() + server.dropped();
    double loss = Math.max(0, viewer.loss() - before);
    // Most of it is repaired; how much is seen by the freezes.
    charge(
        QualityCause.VIEWER_DOWNLINK,
        REPAIRED_LOSS,
        Fractions.between(loss, 0.01, WORST_REPAIRED_LOSS / 2));
    charge(
        QualityCause.VIEWER_DOWNLINK,
        DELAY,
        Fractions.between(viewer.roundTripMillis() / 2 + viewer.queueMillis(), 150, 600));
    double jitter = viewer.jitterMillis() - publisher.jitterMillis();
    charge(QualityCause.VIEWER_DOWNLINK, JITTER, Fractions.between(jitter, 40, 200));
    if (viewer.wantedHeight() > 0 && viewer.givenHeight() <= 0) {
      charge(QualityCause.VIEWER_DOWNLINK, PAUSED, 1);
    } else {
      chargeHeight(QualityCause.VIEWER_DOWNLINK, viewer.wantedHeight(), viewer.givenHeight());
      chargeRate(viewer.wantedFrames(), viewer.givenFrames());
    }
  }

  /// Half the height is one step worse.
  private void chargeHeight(QualityCause cause, int full, int given) {
    if (given > 0 && given < full) {
      charge(cause, OCTAVE, Math.min(octaves(full, given), PAUSED / OCTAVE));
    }
  }

  /// Temporal layers are left out for want of bandwidth.
  private void chargeRate(int wanted, int given) {
    if (given > 0 && given < wanted * (1 - TOLERATED_FRAMES)) {
      charge(
          QualityCause.VIEWER_DOWNLINK,
          FRAME_OCTAVE,
          Math.min(octaves(wanted, given), PAUSED / FRAME_OCTAVE));
    }
  }

  private static double octaves(int more, int less) {
    return Math.log((double) more / less) / Math.log(2);
  }

  /// Whatever else was wrong is why what came is not seen.
  private QualityCause explanation(ViewerSecond second, QualityCause before) {
    QualityCause worst = worst();
    if (worst != QualityCause.NONE) {
      return worst;
    }
    if (before != QualityCause.NONE) {
      return before;
    }
    return second.nacks() > 0 ? QualityCause.VIEWER_DOWNLINK : QualityCause.VIEWER_DEVICE;
  }

  private void chargeUnshown(ViewerSecond second, QualityCause cause) {
    charge(cause, FRAMES, Fractions.between(second.droppedFrames(), TOLERATED_FRAMES, 1));
  }

  private void chargeFreeze(ViewerSecond second, QualityCause cause) {
    charge(cause, FREEZE, Fractions.between(second.freezeMillis(), 0, 1_000));
  }

  /// The cause with the most points, the earliest on the way of several; none below one point.
  private QualityCause worst() {
    QualityCause worst = QualityCause.NONE;
    double most = 1;
    for (QualityCause cause : QualityCause.values()) {
      if (points[cause.ordinal()] > most) {
        most = points[cause.ordinal()];
        worst = cause;
      }
    }
    return worst;
  }

  private Quality result() {
    double total = 0;
    for (double some : points) {
      total += some;
    }
    int score = (int) Math.round(Math.max(0, FULL - total));
    return new Quality(
        score, QualityGrade.of(score) == QualityGrade.GOOD ? QualityCause.NONE : worst());
  }
}
