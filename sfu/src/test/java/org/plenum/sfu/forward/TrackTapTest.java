package org.plenum.sfu.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.RoomTap;
import org.plenum.sfu.SfuCounter;
import org.plenum.sfu.TappedPacket;
import org.plenum.sfu.TappedStream;
import org.plenum.sfu.counters.WorkerCounters;

class TrackTapTest {
  private static final long FRAME = 33_000_000L;

  private final WorkerCounters counters = new WorkerCounters();
  private final RoomTap tap = new RoomTap(RoomTap.Purpose.BROADCAST, Set.of(CodecName.VP8));
  private final List<TestPublisher> publishers = TestPublisher.simulcast("ada", 180, 360);
  private final Track track = publishers.getFirst().track;
  private final TrackTap sink = new TrackTap(track, tap, counters);
  private final List<TappedPacket> got = new ArrayList<>();

  @AfterEach
  void end() {
    track.end();
  }

  @Test
  void onlyWhatIsWantedIsHandedOver() {
    send(true, 0);
    assertEquals(2, sink.streams().size());
    assertTrue(sink.takeChanged());
    assertFalse(sink.takeChanged());
    tap.read(100, got::add);
    assertEquals(0, got.size());

    TappedStream large = stream(360);
    large.want(true);
    send(false, FRAME);
    tap.read(100, got::add);
    assertEquals(3, got.size());
    got.forEach(packet -> assertEquals(large, packet.stream()));
    assertEquals(List.of(false, false, true), got.stream().map(TappedPacket::marker).toList());
    assertTrue(track.isWanted(publishers.get(1).layer()), "it is repaired and goes on");
    assertFalse(track.isWanted(publishers.get(0).layer()));
  }

  @Test
  void theObserverIsToldWhatALayerIsLike() {
    send(true, 0);
    sink.onTimeout();
    assertEquals(
        List.of(180, 360),
        sink.streams().stream().map(stream -> stream.state().height()).sorted().toList());
    track.muted(true);
    sink.onTimeout();
    sink.streams().forEach(stream -> assertTrue(stream.state().muted()));
  }

  @Test
  void aKeyFrameThatTheObserverAsksForIsAskedOfThePublisher() {
    send(true, 0);
    stream(180).askKeyFrame();
    sink.onTimeout();
    assertTrue(publishers.get(0).layer().keyFrames().isWanted());
    assertFalse(publishers.get(1).layer().keyFrames().isWanted());
    send(true, FRAME);
    sink.onTimeout();
    assertFalse(publishers.get(0).layer().keyFrames().isWanted(), "once");
  }

  @Test
  void anObserverThatDoesNotReadLosesPacketsWhichAreCountedAndHealedByAKeyFrame() {
    send(true, 0);
    stream(180).want(true);
    for (int i = 1; i < 1000; i++) {
      send(false, i * FRAME);
    }
    long dropped = counters.value(SfuCounter.TAP_PACKETS_DROPPED);
    assertEquals(999 * 3 - 2048, dropped);
    assertEquals(dropped, stream(180).dropped());
    assertTrue(publishers.get(0).layer().keyFrames().isWanted());
    assertEquals(2048, tap.read(10_000, got::add));
    send(false, 1000 * FRAME);
    assertEquals(3, tap.read(10_000, got::add), "what comes then is taken again");
  }

  @Test
  void aLayerThatItsPublisherReplacedIsAnotherStream() {
    send(true, 0);
    TappedStream former = stream(180);
    former.want(true);
    publishers.get(0).replaceLayer();
    send(true, FRAME);
    sink.onTimeout();
    assertEquals(2, sink.streams().size());
    assertFalse(sink.streams().contains(former));
    assertEquals(0, tap.read(100, got::add), "nobody has wanted the new one yet");
  }

  @Test
  void nothingComesOnceItLetGo() {
    send(true, 0);
    stream(180).want(true);
    sink.detach();
    send(false, FRAME);
    assertEquals(0, tap.read(100, got::add));
    assertFalse(track.isWanted(publishers.get(0).layer()));
  }

  private void send(boolean key, long nowNanos) {
    publishers.forEach(publisher -> publisher.sendFrame(key, 3, nowNanos));
  }

  private TappedStream stream(int height) {
    return sink.streams().stream()
        .filter(stream -> ("h" + height).equals(String.valueOf(stream.rid())))
        .findFirst()
        .orElseThrow();
  }
}
