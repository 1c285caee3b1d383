package org.plenum.signaling.libwebrtc;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.plenum.signaling.PlenumServer;
import org.plenum.signaling.config.ServerConfig;

/// libwebrtc publishes and views, each in a JVM of its own.
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class LibwebrtcTest {
  private static final int FRAMES = 25;

  @Test
  void aPublishersPictureMovesAtAViewer() throws IOException {
    try (PlenumServer server = PlenumServer.start(ServerConfig.forTests());
        var viewer = new LibwebrtcProcess("view", whep(server));
        var publisher = new LibwebrtcProcess("publish", whip(server))) {
      assertMoves(viewer.awaitFrames(FRAMES));
      publisher.end();
      viewer.end();
    }
  }

  @Test
  void whoComesLateSeesThePictureToo() throws IOException {
    try (PlenumServer server = PlenumServer.start(ServerConfig.forTests());
        var publisher = new LibwebrtcProcess("publish", whip(server));
        var first = new LibwebrtcProcess("view", whep(server))) {
      first.awaitFrames(FRAMES);
      try (var late = new LibwebrtcProcess("view", whep(server))) {
        assertMoves(late.awaitFrames(FRAMES));
        late.end();
      }
      publisher.end();
      first.end();
    }
  }

  /// Each frame is whole, with one bar, which wanders; encoders may leave frames out.
  private static void assertMoves(List<String> frames) {
    assertTrue(frames.stream().allMatch(frame -> frame.matches("[0-9]")), frames.toString());
    assertTrue(Set.copyOf(frames).size() >= LibwebrtcClient.STEPS / 2, frames.toString());
  }

  private static String whip(PlenumServer server) {
    return "http://127.0.0.1:" + server.httpPort() + "/whip/lobby?name=Stage";
  }

  private static String whep(PlenumServer server) {
    return "http://127.0.0.1:" + server.httpPort() + "/whep/lobby";
  }
}
