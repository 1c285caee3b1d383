package org.plenum.signaling.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Files of others are those that they published, with their licence beside them, and are listed.
class VendoredFilesTest {
  private static final Pattern ROW =
      Pattern.compile(
          "^\\| `([^`]+)` \\| ([^|]+) \\| ([\\d,]+) \\| `([0-9a-f]{64})` \\|$", Pattern.MULTILINE);

  @ParameterizedTest
  @CsvSource({
    "/web/vendor/hls/, SHA256SUMS.txt, LICENSE.txt",
    "/web/vendor/selfie/, SHA256SUMS.txt, LICENSE.txt",
    "/web/vendor/uplot/, SHA256SUMS.txt, LICENSE.txt",
    "/org/plenum/signaling/browser/axe/, SHA256SUMS, LICENSE"
  })
  void filesAreAsTheyWerePublished(String folder, String sums, String licence) throws IOException {
    List<String> lines = new String(read(folder + sums), StandardCharsets.UTF_8).lines().toList();
    assertFalse(lines.stream().noneMatch(line -> line.endsWith("  " + licence)), "no licence");
    for (String line : lines) {
      String[] parts = line.split("  ");
      assertEquals(parts[0], sha256(read(folder + parts[1])), parts[1]);
    }
  }

  /// The page's table of them: `| file | of | bytes | SHA-256 |`.
  @Test
  void theTableNamesEachWithItsSizeChecksumAndLicence() throws IOException {
    String readme = Files.readString(Path.of("..", "web-demo", "README.md"));
    var listed = new TreeSet<String>();
    for (MatchResult row : ROW.matcher(readme).results().toList()) {
      listed.add(row.group(1));
      byte[] bytes = read("/web/vendor/" + row.group(1));
      assertEquals(String.format(Locale.ROOT, "%,d", bytes.length), row.group(3), row.group(1));
      assertEquals(sha256(bytes), row.group(4), row.group(1));
      assertTrue(row.group(2).matches(".+, (Apache-2\\.0|MIT)"), row.group(2));
    }
    var there = new TreeSet<String>();
    for (String folder : List.of("hls", "selfie", "uplot")) {
      new String(read("/web/vendor/" + folder + "/SHA256SUMS.txt"), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.split("  ")[1])
          .filter(file -> !file.endsWith(".txt"))
          .forEach(file -> there.add(folder + "/" + file));
    }
    assertEquals(there, listed);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] read(String path) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(VendoredFilesTest.class.getResourceAsStream(path), path)) {
      return in.readAllBytes();
    }
  }
}
