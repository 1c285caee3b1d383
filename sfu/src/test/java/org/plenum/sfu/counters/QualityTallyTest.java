package org.plenum.sfu.counters;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.quality.Quality;
import org.plenum.sfu.quality.QualityCause;

class QualityTallyTest {
  @Test
  void secondsAreCountedByCause() {
    var tally = new QualityTally();
    tally.record(new Quality(100, QualityCause.NONE));
    tally.record(new Quality(40, QualityCause.SERVER));
    tally.record(new Quality(0, QualityCause.SERVER));
    assertEquals(1, Arrays.stream(tally.scores(QualityCause.NONE).counts()).sum());
    assertEquals(40, tally.scores(QualityCause.SERVER).sum());
    assertEquals(2, Arrays.stream(tally.scores(QualityCause.SERVER).counts()).sum());
  }
}
