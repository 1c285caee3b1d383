package org.plenum.ice.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IceCredentialsTest {
  private static final String PASSWORD = "passwordOf22Characters";

  @Test
  void randomOnesAreLongEnoughAndAllDifferent() {
    Set<String> ufrags = new HashSet<>();
    Set<String> passwords = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      IceCredentials credentials = IceCredentials.random();
      assertTrue(credentials.ufrag().matches("[A-Za-z0-9]{8}"));
      assertTrue(credentials.password().matches("[A-Za-z0-9]{24}"));
      ufrags.add(credentials.ufrag());
      passwords.add(credentials.password());
    }
    assertEquals(1000, ufrags.size());
    assertEquals(1000, passwords.size());
  }

  @Test
  void refusesWhatRfc8839DoesNotAllow() {
    assertThrows(IllegalArgumentException.class, () -> new IceCredentials("abc", PASSWORD));
    assertThrows(
        IllegalArgumentException.class, () -> new IceCredentials("a".repeat(257), PASSWORD));
    assertThrows(IllegalArgumentException.class, () -> new IceCredentials("abc:", PASSWORD));
    assertThrows(IllegalArgumentException.class, () -> new IceCredentials("abcd", "tooShort"));
  }

  @Test
  void doesNotPrintThePassword() {
    assertFalse(new IceCredentials("abcd", PASSWORD).toString().contains(PASSWORD));
  }
}
