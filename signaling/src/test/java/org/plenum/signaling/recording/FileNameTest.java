package org.plenum.signaling.recording;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.plenum.signaling.protocol.InvalidMessageException;

class FileNameTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "plan.pdf|plan.pdf",
        "../../etc/passwd|passwd",
        "C:\\temp\\plan.pdf|plan.pdf",
        ".bashrc|bashrc",
        "...|file",
        "a/|file",
        "a<b>:c?.txt|a_b__c_.txt",
        "计划 书.pdf|计划 书.pdf",
        "x. .|x",
      })
  void isFitForAnyDisk(String given, String name) {
    assertEquals(name, FileName.of(given));
  }

  @Test
  void turnsNoEndingRound() {
    assertEquals("gpj.exe", FileName.of("\u202egpj.exe"));
  }

  @Test
  void keepsTheEndingOfALongOne() {
    String name = FileName.of("x".repeat(300) + ".pdf");
    assertEquals(FileName.MOST, name.length());
    assertEquals(".pdf", name.substring(name.length() - 4));
  }

  @Test
  void refusesControlCharacters() {
    assertThrows(InvalidMessageException.class, () -> FileName.of("a\u0007b"));
  }

  @Test
  void isEncodedForAHeader() {
    assertEquals("n%C3%A4%20me%2A.txt", FileName.encode("nä me*.txt"));
  }
}
