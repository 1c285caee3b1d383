package org.plenum.sfu.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultsTest {
  private final Faults faults = new Faults();

  private static Runnable failing(RuntimeException fault) {
    return () -> {
      throw fault;
    };
  }

  @Test
  void everyStepIsTriedAndNoFaultIsLost() {
    var first = new IllegalStateException("first");
    var second = new IllegalArgumentException("second");
    var third = new IllegalStateException("third");
    List<String> done = new ArrayList<>();
    faults.attempt(() -> done.add("a"));
    faults.attempt(failing(first));
    faults.attempt(() -> done.add("b"));
    faults.attempt(failing(second));
    faults.attempt(failing(third));
    assertEquals(List.of("a", "b"), done);
    assertSame(first, assertThrows(IllegalStateException.class, faults::rethrow));
    assertArrayEquals(new Throwable[] {second, third}, first.getSuppressed());
  }

  @Test
  void withoutAFaultNothingIsThrown() {
    faults.attempt(() -> {});
    faults.rethrow();
  }

  @Test
  void aFaultThatComesTwiceIsThrownOnce() {
    var fault = new IllegalStateException("again");
    faults.attempt(failing(fault));
    faults.attempt(failing(fault));
    assertSame(fault, assertThrows(IllegalStateException.class, faults::rethrow));
    assertEquals(0, fault.getSuppressed().length);
  }
}
