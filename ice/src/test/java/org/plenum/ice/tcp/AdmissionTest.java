package org.plenum.ice.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.plenum.ice.NanoTime;
import org.plenum.ice.NetworkPath;

class AdmissionTest {
  private static final long START = Long.MAX_VALUE - 1_000; // wraps around on the way

  private final Admission<Integer> admission = new Admission<>();

  private boolean admit(int connection, int address, long now) {
    return admission.admit(connection, 0, NetworkPath.ipv4Mapped(address), now);
  }

  @Test
  void aConnectionMayWaitFiveSeconds() {
    admit(1, 0x0A000001, START);
    admit(2, 0x0A000001, START + 10);
    long deadline = START + Admission.AUTHENTICATE_NANOS;

    assertEquals(deadline, admission.nextTimeoutNanos());
    assertNull(admission.expired(deadline - 1));
    assertEquals(1, admission.expired(deadline));
    assertNull(admission.expired(deadline));
    assertEquals(deadline + 10, admission.remove(2));
    assertEquals(NanoTime.NEVER, admission.nextTimeoutNanos());
    assertNull(admission.expired(deadline + 1_000));
  }

  @Test
  void oneSourcePrefixMayHaveTwentyWaiting() {
    for (int i = 0; i < Admission.MAX_PER_PREFIX; i++) {
      assertTrue(admit(i, 0x0A000000 + i, START));
    }
    assertFalse(admit(100, 0x0A0000FF, START));
    assertTrue(admit(101, 0x0A000100, START), "another prefix");
    admission.remove(3);
    assertTrue(admit(102, 0x0A0000FF, START));
    assertFalse(admit(103, 0x0A0000FF, START));
    assertEquals(Admission.MAX_PER_PREFIX + 1, admission.size());
  }

  @Test
  void whenTooManyWaitTheOldestGoes() {
    for (int i = 0; i < Admission.MAX_WAITING; i++) {
      assertTrue(admit(i, i << 8, START + i));
      assertNull(admission.surplus());
    }
    assertTrue(admit(5_000, 0x0B000000, START + 5_000));
    assertEquals(0, admission.surplus());
    assertNull(admission.surplus());
    assertEquals(Admission.MAX_WAITING, admission.size());
  }

  @Test
  void whoDoesNotWaitCannotBeRemoved() {
    assertThrows(IllegalStateException.class, () -> admission.remove(7));
  }
}
