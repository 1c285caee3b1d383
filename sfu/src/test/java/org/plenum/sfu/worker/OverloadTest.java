package org.plenum.sfu.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.plenum.ice.port.MediaPortKind;
import org.plenum.ice.port.MediaPorts;
import org.plenum.sfu.LoadStep;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.RoomHandle;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.RoomSettings;
import org.plenum.sfu.SfuConfig;
import org.plenum.sfu.SlotBinding;
import org.plenum.sfu.dtls.DtlsCertificate;
import org.plenum.sfu.dtls.DtlsServer;
import org.plenum.sfu.embed.SfuCounters;
import org.plenum.sfu.srtp.SrtpFactory;
import org.plenum.sfu.testclient.Call;
import org.plenum.sfu.testclient.ClientSetup;
import org.plenum.sfu.testclient.MediaSource;
import org.plenum.sfu.testclient.ReceivedPacket;
import org.plenum.sfu.testclient.SfuClient;
import org.plenum.sfu.worker.MappedAddresses.Mapping;

/// A worker, its thread, its socket and its clock, with three times as much to do as it can: 24
/// viewers of 250 packets a second each, half a millisecond for each packet sent.
@Tag("slow")
class OverloadTest {
  private static final int VIEWERS = 24;
  private static final long COST_NANOS = 500_000;
  private static final int FRAME_MILLIS = 20;
  private static final int FRAMES_A_SECOND = 1_000 / FRAME_MILLIS;
  private static final int OVERLOADED_SECONDS = 30;
  private static final int MOST_SECONDS_BACK = 60;

  @Test
  void soundSurvivesThreeTimesTheLoad() throws Exception {
    var config = new SfuConfig(1, 0, List.of("127.0.0.1"), List.of(), true, MediaPortKind.AUTO);
    var port =
        new SlowPort(
            MediaPorts.open(
                MediaPortKind.AUTO,
                0,
                List.of(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))));
    var offered = new Offered(config, AdvertisedNames.Resolver.SYSTEM);
    offered.learn(List.of(port.port()), List.of(Mapping.NONE), null);
    var network = new WorkerNetwork(port, offered.to(0), Mapping.NONE, false, null);
    try (var dtls = new DtlsServer(DtlsCertificate.generate());
        var worker =
            new Worker(
                0, network, dtls, SrtpFactory.selfTested(), SfuConfig.Bitrates.DEFAULT, true)) {
      worker.start();
      RoomHandle room = worker.openRoom(new RoomId("full"), RoomSettings.DEFAULT, _ -> {});
      var counters =
          new SfuCounters(List.of(worker.counters()), List.of(port.counters()), dtls.counters());
      try (var call = new Call(room, counters)) {
        overload(call, worker, port);
      }
    }
  }

  private static void overload(Call call, Worker worker, SlowPort port) {
    SfuClient speaker = call.join("speaker", ClientSetup.first().withSeats(0, 0));
    List<SfuClient> viewers = new ArrayList<>();
    for (int i = 0; i < VIEWERS; i++) {
      viewers.add(call.join("v" + i, ClientSetup.second().withoutMedia().withSeats(1, 0)));
    }
    speaker.audio.intervalMillis = FRAME_MILLIS;
    speaker.video.intervalMillis = FRAME_MILLIS;
    speaker.video.packetsPerFrame = 4;
    for (SfuClient viewer : viewers) {
      call.await(
          viewer.id + " sees and hears",
          () ->
              !viewer.stream(SfuClient.audioMid(0)).isEmpty()
                  && !viewer.stream(SfuClient.videoMid(0)).isEmpty());
    }
    call.awaitFrames(speaker.audio, FRAMES_A_SECOND);
    int firstFrame = speaker.audio.frames().size();

    port.cost(COST_NANOS);
    for (int second = 0; second < OVERLOADED_SECONDS; second++) {
      call.awaitFrames(speaker.audio, FRAMES_A_SECOND);
    }
    assertTrue(worker.sheds(LoadStep.JOINS), "now " + worker.counters().loadStep());
    assertEquals(SlotBinding.PauseReason.OVERLOAD, wasPaused(viewers.getFirst()));
    assertTrue(told(viewers.getFirst()).contains(LoadStep.PICTURES));
    var refused =
        assertThrows(CompletionException.class, () -> call.enter("late", ClientSetup.first()));
    assertEquals(
        RefusedException.Reason.OVERLOADED, ((RefusedException) refused.getCause()).reason());

    int lastFrame = speaker.audio.frames().size();
    port.cost(0);
    for (int i = 0; i < MOST_SECONDS_BACK && worker.sheds(LoadStep.ROOMS); i++) {
      call.awaitFrames(speaker.audio, FRAMES_A_SECOND);
    }
    assertEquals(LoadStep.NONE, worker.counters().loadStep());
    long pictures = viewers.getFirst().stream(SfuClient.videoMid(0)).count();
    call.await(
        "pictures",
        () -> viewers.getFirst().stream(SfuClient.videoMid(0)).count() > pictures + 100);
    assertNull(viewers.getFirst().binding(SfuClient.videoMid(0)).paused());
    assertHeard(speaker.audio, viewers, firstFrame, lastFrame);
  }

  private static void assertHeard(
      MediaSource sound, List<SfuClient> viewers, int firstFrame, int lastFrame) {
    long heard = 0;
    List<Long> delays = new ArrayList<>();
    for (SfuClient viewer : viewers) {
      Set<Integer> frames = new HashSet<>();
      for (ReceivedPacket packet : viewer.stream(SfuClient.audioMid(0)).packets()) {
        int frame = packet.tag().frame();
        if (frame >= firstFrame && frame < lastFrame && frames.add(frame)) {
          delays.add(packet.arrivalNanos() - sound.frames().get(frame).sentNanos());
        }
      }
      heard += frames.size();
    }
    Collections.sort(delays);
    long sent = (long) viewers.size() * (lastFrame - firstFrame);
    System.out.printf(
        "sound under three times the load: %.3f %% heard, p50 %.1f ms, p99 %.1f ms, worst %.0f ms%n",
        100.0 * heard / sent, millis(delays, 0.5), millis(delays, 0.99), millis(delays, 1));
    assertTrue(heard >= 0.999 * sent, heard + " of " + sent);
  }

  private static double millis(List<Long> delays, double part) {
    return delays.get((int) Math.min(delays.size() - 1, delays.size() * part)) / 1e6;
  }

  private static List<LoadStep> told(SfuClient viewer) {
    return viewer.events.stream()
        .filter(RoomEvent.LoadChanged.class::isInstance)
        .map(event -> ((RoomEvent.LoadChanged) event).step())
        .toList();
  }

  /// Why its picture was paused, if it ever was.
  private static SlotBinding.PauseReason wasPaused(SfuClient viewer) {
    return viewer.events.stream()
        .filter(RoomEvent.SlotBound.class::isInstance)
        .map(event -> ((RoomEvent.SlotBound) event).binding().paused())
        .filter(paused -> paused != null)
        .findFirst()
        .orElse(null);
  }
}
