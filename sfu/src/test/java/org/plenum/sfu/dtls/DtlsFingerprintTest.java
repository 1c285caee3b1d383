package org.plenum.sfu.dtls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class DtlsFingerprintTest {
  private static final byte[] ABC = "abc".getBytes(StandardCharsets.US_ASCII);

  /// FIPS 180-4, "abc".
  private static final String SHA_256 =
      "BA:78:16:BF:8F:01:CF:EA:41:41:40:DE:5D:AE:22:23:"
          + "B0:03:61:A3:96:17:7A:9C:B4:10:FF:61:F2:00:15:AD";

  @Test
  void isWrittenAsInSdp() {
    assertEquals(SHA_256, DtlsFingerprint.of("sha-256", ABC).value());
  }

  @Test
  void matchesInEitherCase() {
    assertTrue(new DtlsFingerprint("sha-256", SHA_256).matches(ABC));
    assertTrue(new DtlsFingerprint("sha-256", SHA_256.toLowerCase(Locale.ROOT)).matches(ABC));
    assertFalse(new DtlsFingerprint("sha-256", SHA_256).matches(new byte[] {1}));
    assertFalse(new DtlsFingerprint("sha-256", "").matches(ABC));
  }

  @Test
  void neverMatchesAWeakHash() {
    String sha1 = "A9:99:3E:36:47:06:81:6A:BA:3E:25:71:78:50:C2:6C:9C:D0:D8:9D";
    assertFalse(new DtlsFingerprint("sha-1", sha1).matches(ABC));
  }
}
