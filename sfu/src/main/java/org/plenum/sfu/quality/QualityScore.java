package org.plenum.sfu.quality;

/// Scores a second of a track at a viewer: every symptom costs points, and is laid at the door of
/// the first place on the way that explains it. What was lost before the server is not blamed on
/// the viewer, although the viewer reports it too. A freeze is blamed on whatever else was wrong,
/// and on the viewer's device only if nothing was. A pure function.
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
  private static final double FREEZE = 80;

  /// Fewer frames than this share do not show; cameras are not that regular.
  private static final double TOLERATED_FRAMES = 0.1;

  private final double[] points = new double[QualityCause.values().length];

  private QualityScore() {}

  public static Quality of(PublisherSecond publisher, ServerSecond server, ViewerSecond viewer) {
    var score = new QualityScore();
    score.charge(publisher);
    score.charge(server);
    score.chargeDownlink(publisher, server, viewer);
    score.chargeViewer(viewer);
    score.chargeFreeze(viewer);
    return score.result();
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
    if (viewer.wantedHeight() > 0) {
      chargeLayer(viewer.wantedHeight(), viewer.givenHeight());
    }
  }

  /// Half the height is one step worse.
  private void chargeLayer(int wanted, int given) {
    if (given <= 0) {
      charge(QualityCause.VIEWER_DOWNLINK, PAUSED, 1);
    } else if (given < wanted) {
      double octaves = Math.log((double) wanted / given) / Math.log(2);
      charge(QualityCause.VIEWER_DOWNLINK, OCTAVE, Math.min(octaves, PAUSED / OCTAVE));
    }
  }

  private void chargeViewer(ViewerSecond second) {
    double dropped = Fractions.between(second.droppedFrames(), TOLERATED_FRAMES, 1);
    charge(QualityCause.VIEWER_DEVICE, FRAMES, dropped);
  }

  /// Whatever else was wrong did it.
  private void chargeFreeze(ViewerSecond second) {
    QualityCause worst = worst();
    QualityCause cause =
        worst != QualityCause.NONE
            ? worst
            : second.nacks() > 0 ? QualityCause.VIEWER_DOWNLINK : QualityCause.VIEWER_DEVICE;
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
