package org.plenum.signaling.config;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import org.junit.jupiter.api.Tag;

@Tag("fuzz")
class DoubledKeysFuzzTest {
  /// It comes to an end with any text, and what the library reads as settings does not hide a key
  /// that comes twice before it.
  @FuzzTest(maxDuration = "5s")
  void endsAndFindsWhatComesFirst(@NotNull String text) {
    DoubledKeys.find(text);
    try {
      ConfigFactory.parseString("a = 1\na = 2\n" + text);
    } catch (ConfigException e) {
      return;
    }
    assertNotNull(DoubledKeys.find("a = 1\na = 2\n" + text));
  }
}
