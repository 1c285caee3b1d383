package org.plenum.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.plenum.metrics.Readiness.Condition;

class ReadinessTest {
  private final Readiness readiness = new Readiness();

  @Test
  void isReadyWhenAllIsMetAndNotWhenStopping() {
    assertFalse(readiness.isReady());
    assertEquals(4, readiness.reasons().size());
    readiness.met(Condition.CRYPTO_TESTED);
    readiness.met(Condition.CERTIFICATE_MADE);
    readiness.met(Condition.MEDIA_PORTS_BOUND);
    assertEquals(List.of("the HTTP port is not bound"), readiness.reasons());
    readiness.met(Condition.HTTP_BOUND);
    assertTrue(readiness.isReady());
    readiness.lost(Condition.NOT_STOPPING);
    assertEquals(List.of("the server is stopping"), readiness.reasons());
  }
}
