package org.plenum.signaling.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Files of others are those that they published, with their licence beside them.
class VendoredFilesTest {
  @ParameterizedTest
  @CsvSource({
    "/web/vendor/hls/, SHA256SUMS.txt, LICENSE.txt",
    "/web/vendor/selfie/, SHA256SUMS.txt, LICENSE.txt",
    "/web/vendor/uplot/, SHA256SUMS.txt, LICENSE.txt",
    "/org/plenum/signaling/browser/axe/, SHA256SUMS, LICENSE"
  })
  void filesAreAsTheyWerePublished(String folder, String sums, String licence)
      throws IOException, NoSuchAlgorithmException {
    List<String> lines = new String(read(folder + sums), StandardCharsets.UTF_8).lines().toList();
    assertFalse(lines.stream().noneMatch(line -> line.endsWith("  " + licence)), "no licence");
    for (String line : lines) {
      String[] parts = line.split("  ");
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(read(folder + parts[1]));
      assertEquals(parts[0], HexFormat.of().formatHex(hash), parts[1]);
    }
  }

  private static byte[] read(String path) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(VendoredFilesTest.class.getResourceAsStream(path), path)) {
      return in.readAllBytes();
    }
  }
}
