package org.plenum.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.plenum.bench.client.ClientOptions;
import org.plenum.bench.client.VideoShape;
import org.plenum.bench.signaling.ClientSignaling;
import org.plenum.bench.signaling.WebSocketSignaling;
import org.plenum.bench.signaling.WhipSignaling;
import org.plenum.sfu.srtp.SrtpProfile;
import org.plenum.signaling.PlenumServer;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.protocol.TurnPasswords;

/// Small runs against a server in this JVM.
class LoadRunTest {
  private static PlenumServer server;

  @BeforeAll
  static void start() {
    server = PlenumServer.start(ServerConfig.forTests());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @EnumSource(SrtpProfile.class)
  void everyPacketReachesEveryViewer(SrtpProfile profile) throws Exception {
    LoadResult result = run(new Shape(2, 1, 3, false), profile);

    assertDelivered(result);
    assertEquals(8, result.clients());
    assertEquals(profile.name(), result.profile());
  }

  @Test
  void everyPacketOfH264ReachesEveryViewer() throws Exception {
    assertDelivered(
        run(
            new Shape(1, 1, 2, false),
            VideoShape.H264,
            SrtpProfile.AEAD_AES_128_GCM,
            LoadSettings.Protocol.WEBSOCKET,
            WebSocketSignaling::new));
  }

  @Test
  void everyoneInAConferenceReceivesAllOthers() throws Exception {
    LoadResult result = run(new Shape(1, 4, 1, true), SrtpProfile.AEAD_AES_128_GCM);

    assertDelivered(result);
    assertEquals(5, result.clients());
  }

  @Test
  void publishersComeInByWhipAndViewersByWhep() throws Exception {
    LoadResult result =
        run(
            new Shape(1, 1, 2, false),
            VideoShape.VP8,
            SrtpProfile.AEAD_AES_128_GCM,
            LoadSettings.Protocol.WHIP,
            url -> new WhipSignaling(url, null));

    assertDelivered(result);
    assertEquals(3, result.clients());
  }

  private static LoadResult run(Shape shape, SrtpProfile profile)
      throws IOException, InterruptedException {
    return run(
        shape, VideoShape.VP8, profile, LoadSettings.Protocol.WEBSOCKET, WebSocketSignaling::new);
  }

  /// RFC 8656: not a datagram of media without one of the server's relays.
  @Test
  void everyPacketReachesEveryViewerByRelays() throws Exception {
    ServerConfig config = ServerConfig.forTests();
    var passwords = new TurnPasswords("nobody-knows-it", Duration.ofHours(1));
    try (PlenumServer relaying = PlenumServer.start(config.with(config.media().with(passwords)))) {
      LoadResult result = run(settings(relaying, new Shape(1, 1, 3, false), true));
      assertDelivered(result);
      assertEquals(4, result.clients());
    }
  }

  private static LoadSettings settings(PlenumServer at, Shape shape, boolean relayed) {
    return settings(
        at,
        shape,
        VideoShape.VP8,
        SrtpProfile.AEAD_AES_128_GCM,
        LoadSettings.Protocol.WEBSOCKET,
        relayed);
  }

  private static LoadResult run(
      Shape shape,
      VideoShape video,
      SrtpProfile profile,
      LoadSettings.Protocol protocol,
      Function<URI, ClientSignaling> way)
      throws IOException, InterruptedException {
    LoadSettings settings = settings(server, shape, video, profile, protocol, false);
    try (ClientSignaling signaling = way.apply(settings.url());
        var run = new LoadRun(settings, signaling)) {
      return run.run();
    }
  }

  private static LoadResult run(LoadSettings settings) throws IOException, InterruptedException {
    try (ClientSignaling signaling = new WebSocketSignaling(settings.url());
        var run = new LoadRun(settings, signaling)) {
      return run.run();
    }
  }

  private static LoadSettings settings(
      PlenumServer at,
      Shape shape,
      VideoShape video,
      SrtpProfile profile,
      LoadSettings.Protocol protocol,
      boolean relayed) {
    URI url = URI.create("http://127.0.0.1:" + at.httpPort());
    return new LoadSettings(
        url,
        ProcessHandle.current().pid(),
        shape,
        new ClientOptions(500_000, 25, video, true, profile, 0),
        1,
        0.5,
        0,
        1,
        protocol,
        relayed);
  }

  private static void assertDelivered(LoadResult result) {
    assertTrue(result.sound(), result::toString);
    assertTrue(result.details().expected() > 0, result::toString);
    assertEquals(result.details().expected(), result.details().delivered(), result::toString);
    assertTrue(result.delayMillis().p50() > 0, result::toString);
  }
}
