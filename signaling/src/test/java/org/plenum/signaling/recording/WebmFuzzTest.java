package org.plenum.signaling.recording;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;

@Tag("fuzz")
class WebmFuzzTest {
  /// Whatever somebody uploads is made seekable, or refused; what comes out is never much larger.
  @FuzzTest(maxDuration = "5s")
  void readsOrRefuses(byte[] input) throws IOException {
    Path live = Files.createTempFile("fuzz", ".live");
    Path seekable = Files.createTempFile("fuzz", ".seekable");
    try {
      Files.write(live, input);
      SeekableWebm.write(live, seekable);
      assertTrue(Files.size(seekable) < 1000 + 50L * input.length);
    } catch (IOException e) {
      assertTrue(String.valueOf(e.getMessage()).length() < 200);
    } finally {
      Files.deleteIfExists(live);
      Files.deleteIfExists(seekable);
    }
  }
}
