package org.plenum.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.plenum.bench.client.ClientOptions;
import org.plenum.bench.client.VideoShape;
import org.plenum.bench.signaling.ClientSignaling;
import org.plenum.bench.signaling.Endpoints;
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
            url -> new WhipSignaling(Endpoints.of(url), null));

    assertDelivered(result);
    assertEquals(3, result.clients());
  }

  @Test
  void anyServerOfWhipAndWhepIsReachedFromAPortForEachClient() throws Exception {
    LoadResult result =
        run(
            new Shape(2, 1, 2, false),
            VideoShape.VP8,
            SrtpProfile.AES_CM_128_HMAC_SHA1_80,
            LoadSettings.Protocol.ELSEWHERE,
            url -> new WhipSignaling(Endpoints.of(url), null));

    assertDelivered(result);
    assertEquals(6, result.clients());
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
        Course.steady(1, 0.5),
        relayed);
  }

  private static LoadResult run(
      Shape shape,
      VideoShape video,
      SrtpProfile profile,
      LoadSettings.Protocol protocol,
      Function<URI, ClientSignaling> way)
      throws IOException, InterruptedException {
    LoadSettings settings =
        settings(server, shape, video, profile, protocol, Course.steady(1, 0.5), false);
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
      Course course,
      boolean relayed) {
    URI url = URI.create("http://127.0.0.1:" + at.httpPort());
    return new LoadSettings(
        url,
        ProcessHandle.current().pid(),
        shape,
        new ClientOptions(500_000, 25, video, true, profile, 0),
        course,
        1,
        protocol,
        relayed);
  }

  @Test
  void whoLeftOrHadJustComeMissesNothing() throws Exception {
    LoadResult result = run(course(new Shape(1, 1, 4, false), new Course(3, 0.5, 0, null, 2)));

    assertDelivered(result);
    assertEquals(5, result.clients());
    assertTrue(result.left() >= 4, result::toString);
  }

  @Test
  void inAConferenceWithoutViewersParticipantsComeAndGo() throws Exception {
    LoadResult result = run(course(new Shape(1, 3, 0, true), new Course(3, 0.5, 0, null, 1)));

    assertDelivered(result);
    assertEquals(3, result.clients());
    assertTrue(result.left() >= 2, result::toString);
  }

  @Test
  void eachStepAndEachSecondHasItsFigures() throws Exception {
    var steps = new Course.Steps(2, 2.5);
    LoadResult result = run(course(new Shape(1, 1, 3, false), new Course(2, 0.5, 0, steps, 0)));

    assertDelivered(result);
    assertEquals(List.of(2, 4), result.steps().stream().map(LoadResult.Step::clients).toList());
    for (LoadResult.Step step : result.steps()) {
      assertEquals(100.0, step.deliveredPercent(), result::toString);
      assertTrue(step.packetsPerSecond() > 0, result::toString);
    }
    LoadResult.Second last = result.series().getLast();
    assertEquals(4, last.clients());
    assertEquals(100.0, last.deliveredPercent(), result::toString);
    assertNotNull(last.serverCpuPercent());
    assertTrue(last.second() > result.beginSeconds(), result::toString);
  }

  private static LoadSettings course(Shape shape, Course course) {
    return settings(
        server,
        shape,
        VideoShape.VP8,
        SrtpProfile.AEAD_AES_128_GCM,
        LoadSettings.Protocol.WEBSOCKET,
        course,
        false);
  }

  private static void assertDelivered(LoadResult result) {
    assertTrue(result.sound(), result::toString);
    assertTrue(result.details().expected() > 0, result::toString);
    assertEquals(result.details().expected(), result.details().delivered(), result::toString);
    assertTrue(result.delayMillis().p50() > 0, result::toString);
  }
}
