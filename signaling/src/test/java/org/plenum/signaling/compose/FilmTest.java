package org.plenum.signaling.compose;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilmTest {
  @TempDir private Path folder;

  /// Of a recording made when any sender report was believed.
  @Test
  void whatLiesOutsideTheRecordingMakesNoFilmOfHours() throws Exception {
    for (String file : new String[] {"0001-camera.mp4", "0002-camera.mp4", "0003-camera.mp4"}) {
      Files.createFile(folder.resolve(file));
    }
    Files.writeString(
        folder.resolve("manifest.json"),
        """
        {"seconds": 6, "tracks": [{"participant": "ada", "source": "camera", "parts": [
          {"file": "0001-camera.mp4", "contentType": "video/mp4", "start": 0, "seconds": 6},
          {"file": "0002-camera.mp4", "contentType": "video/mp4", "start": 21600, "seconds": 6},
          {"file": "0003-camera.mp4", "contentType": "video/mp4", "start": -21600, "seconds": 6}
        ]}]}
        """);
    Film film = Film.read(folder);
    assertEquals(6, film.seconds());
    assertEquals(1, film.scenes(Layout.GRID).size());
    assertEquals(6, film.scenes(Layout.GRID).getFirst().seconds());
    assertEquals(1, film.scenes(Layout.GRID).getFirst().pictures().size());
  }
}
