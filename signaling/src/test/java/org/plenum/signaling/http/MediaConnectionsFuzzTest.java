package org.plenum.signaling.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.eclipse.jetty.server.ConnectionFactory.Detecting.Detection;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.plenum.ice.port.ByteStream;

/// What a connection's first bytes say that it is.
class MediaConnectionsFuzzTest {
  private final MediaConnections detector = new MediaConnections(ByteStream::close, null);

  @Test
  void tellsMediaFromHttpAndTls() {
    assertEquals(Detection.NEED_MORE_BYTES, detect());
    assertEquals(Detection.RECOGNIZED, detect(0, 3), "Allocate");
    assertEquals(Detection.RECOGNIZED, detect(1, 4), "a frame of 260 bytes");
    assertEquals(Detection.RECOGNIZED, detect(8, 0), "the longest frame");
    assertEquals(Detection.NOT_RECOGNIZED, detect(9, 0));
    assertEquals(Detection.NOT_RECOGNIZED, detect(22, 3, 1), "TLS");
    assertEquals(Detection.NOT_RECOGNIZED, detect('G', 'E', 'T', ' '));
    assertEquals(Detection.NOT_RECOGNIZED, detect('\r', '\n'));
    assertEquals(Detection.NOT_RECOGNIZED, detect(0x40, 0), "no channel begins a connection");
    assertEquals(Detection.NOT_RECOGNIZED, detect(0x80));
  }

  @Tag("fuzz")
  @FuzzTest(maxDuration = "5s")
  void saysTheSameOfAPartAndOfTheWholeAndTakesNothing(byte[] begun) {
    ByteBuffer whole = ByteBuffer.wrap(begun);
    Detection said = detector.detect(whole);
    assertEquals(begun.length, whole.remaining());
    if (begun.length > 0) {
      assertNotEquals(Detection.NEED_MORE_BYTES, said);
      assertEquals(said, detector.detect(ByteBuffer.wrap(Arrays.copyOf(begun, 1))));
    }
  }

  private Detection detect(int... begun) {
    ByteBuffer bytes = ByteBuffer.allocate(begun.length);
    for (int each : begun) {
      bytes.put((byte) each);
    }
    return detector.detect(bytes.flip());
  }
}
