package org.plenum.signaling.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every language has every text, with the same places for what is filled in.
class LanguagesTest {
  /// A key and its text, in one quotation or none around the key; texts may stand on the next line.
  private static final Pattern ENTRY =
      Pattern.compile("^  (?:'([^']+)'|(\\w+)):\\s*'((?:[^'\\\\]|\\\\.)*)',$", Pattern.MULTILINE);

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\w+)}");

  private static final Pattern LISTED = Pattern.compile("^  (\\w+): '[^']+',$", Pattern.MULTILINE);

  @ParameterizedTest
  @ValueSource(strings = {"de", "es", "fr", "ja", "pt", "zh"})
  void aLanguageHasEveryText(String code) throws IOException {
    Map<String, String> english = texts("en");
    Map<String, String> other = texts(code);
    var missing = new TreeSet<>(english.keySet());
    missing.removeAll(other.keySet());
    assertEquals(List.of(), List.copyOf(missing), "missing from " + code + ".js");
    var unknown = new TreeSet<>(other.keySet());
    unknown.removeAll(english.keySet());
    assertEquals(List.of(), List.copyOf(unknown), "in " + code + ".js, and not in en.js");
    english.forEach(
        (key, text) -> {
          assertEquals(placeholders(text), placeholders(other.get(key)), key + " in " + code);
          assertEquals(
              text.split("\\\\n").length,
              Objects.requireNonNull(other.get(key)).split("\\\\n").length,
              "lines of " + key + " in " + code);
        });
  }

  @Test
  void everyFileIsReadWhole() throws IOException {
    for (String code : List.of("en", "de", "es", "fr", "ja", "pt", "zh")) {
      String file = read("i18n/" + code + ".js");
      long keys =
          Pattern.compile("^  (?:'[^']+'|\\w+):", Pattern.MULTILINE)
              .matcher(file)
              .results()
              .count();
      assertEquals(keys, texts(code).size(), code + ".js has a text that this test does not read");
    }
  }

  @Test
  void theListOffersExactlyTheseLanguages() throws IOException {
    List<String> offered =
        LISTED.matcher(read("i18n/i18n.js")).results().map(m -> m.group(1)).toList();
    assertEquals(List.of("en", "de", "es", "fr", "pt", "ja", "zh"), offered);
    assertTrue(
        read("sw.js").contains("['en', 'de', 'es', 'fr', 'pt', 'ja', 'zh']"), "in sw.js too");
  }

  private static Map<String, String> texts(String code) throws IOException {
    Map<String, String> texts = new LinkedHashMap<>();
    for (MatchResult entry : ENTRY.matcher(read("i18n/" + code + ".js")).results().toList()) {
      String key = entry.group(1) == null ? entry.group(2) : entry.group(1);
      assertEquals(null, texts.put(key, entry.group(3)), key + " stands twice in " + code + ".js");
    }
    return texts;
  }

  private static TreeSet<String> placeholders(String text) {
    var names = new TreeSet<String>();
    PLACEHOLDER.matcher(text).results().forEach(match -> names.add(match.group(1)));
    return names;
  }

  private static String read(String file) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(LanguagesTest.class.getResourceAsStream("/web/" + file), file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
