package org.plenum.sfu.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.Codec;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.Garbage;
import org.plenum.sfu.Mid;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.Rid;
import org.plenum.sfu.SfuCounter;
import org.plenum.sfu.TrackId;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.counters.WorkerCounters;
import org.plenum.sfu.forward.Layer;
import org.plenum.sfu.forward.PublisherClock;
import org.plenum.sfu.forward.Track;
import org.plenum.sfu.forward.TrackSink;
import org.plenum.sfu.receive.FrameLayers;
import org.plenum.sfu.receive.PacketCache;
import org.plenum.sfu.receive.PacketRing;
import org.plenum.sfu.receive.PayloadView;
import org.plenum.sfu.receive.ReceiveStream;
import org.plenum.sfu.transport.WallClock;

/// One track, two ends, one thread: what crosses, and what does not.
class RelayEndTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Codec VP8 = new Codec(CodecName.VP8, 96, 97, Set.of(), Map.of());
  private static final int BYTES = 1_000;

  private final WorkerCounters hereCounters = new WorkerCounters();
  private final WorkerCounters thereCounters = new WorkerCounters();
  private final ArrayDeque<RelayMessage> toThere = new ArrayDeque<>();
  private final ArrayDeque<RelayMessage> toHere = new ArrayDeque<>();
  private final List<RelayMessage> told = new ArrayList<>();
  private final PacketRing down = new PacketRing();
  private final PacketRing up = new PacketRing();
  private int woken;
  private final RelayEnd here = new RelayEnd(down, up, toThere::add, () -> woken++);
  private final RelayEnd there = new RelayEnd(up, down, toHere::add, () -> {});
  private final Track published = track();
  private final Track relayed = track();
  private final Viewer viewer = new Viewer();
  private final PayloadView view = new PayloadView();
  private final MemorySegment payload = MemorySegment.ofArray(new byte[BYTES]);

  /// Near the wrap-around of the clock.
  private long now = Long.MAX_VALUE - SECOND;

  private long number = 65_530;

  RelayEndTest() {
    here.settle(new RelayEnd.Home(hereCounters, new WallClock(0, now)));
    there.settle(new RelayEnd.Home(thereCounters, new WallClock(0, now)));
    there.admit(relayed);
    here.export(published);
    relayed.attach(viewer);
  }

  @AfterEach
  void end() {
    published.end();
    relayed.end();
  }

  private static Track track() {
    var track =
        new Track(
            new TrackId("t"),
            new ParticipantId("p"),
            new Mid("0"),
            TrackSource.CAMERA,
            List.of(VP8),
            new PublisherClock());
    track.rids(List.of(new Rid("q"), new Rid("f")));
    return track;
  }

  /// Wants some layers, and takes note of what comes.
  private static final class Viewer implements TrackSink {
    final Set<String> wanted = new java.util.HashSet<>();
    long packets;
    long latest;

    @Override
    public void onPacket(Layer layer, long sequenceNumber, int entry) {
      packets++;
      latest = sequenceNumber;
    }

    @Override
    public void onLayersChanged(Track track) {}

    @Override
    public void onLayerGone(Layer layer) {}

    @Override
    public void onTrackEnded(Track track) {}

    @Override
    public boolean wants(Layer layer) {
      Rid rid = layer.rid();
      return rid != null && wanted.contains(rid.value());
    }
  }

  private Layer layer(String rid) {
    Layer known = published.layer(new Rid(rid));
    if (known != null) {
      return known;
    }
    var layer =
        new Layer(
            published,
            new Rid(rid),
            new ReceiveStream(rid.hashCode(), 90_000),
            new PacketCache(1 << 20, 1024),
            true);
    published.addLayer(layer);
    return layer;
  }

  private void send(Layer layer) {
    long unwrapped = layer.stream().onPacket((int) number & 0xFFFF, (int) number * 90, now, false);
    PacketCache cache = layer.cache();
    int entry = cache.add(unwrapped, (int) number * 90, 0, BYTES, now);
    MemorySegment.copy(payload, 0, cache.bytes(), cache.payloadOffset(entry), BYTES);
    view.parse(CodecName.VP8, payload, 0, BYTES);
    cache.describe(entry, VP8, true, view, false, -1, FrameLayers.NONE);
    published.onPacket(layer, unwrapped, entry, 0, now);
    number++;
  }

  private void tick() {
    now += 10_000_000;
    here.onTimeout(now);
    there.onTimeout(now);
    while (!toThere.isEmpty() || !toHere.isEmpty()) {
      if (!toThere.isEmpty()) {
        told.add(toThere.peek());
        there.onMessage((RelayMessage.Media) toThere.remove());
      }
      if (!toHere.isEmpty()) {
        told.add(toHere.peek());
        here.onMessage((RelayMessage.Media) toHere.remove());
      }
    }
  }

  @Test
  void aLayerIsKnownBeforeAnyPacketOfItCrosses() {
    send(layer("q"));
    send(layer("f"));
    tick();
    there.receive(now);
    assertEquals(2, relayed.layers().size());
    assertEquals(0, viewer.packets);
    assertEquals(0, hereCounters.value(SfuCounter.RELAYED_PACKETS_SENT));
    relayed.layers().forEach(layer -> assertTrue(layer.isAbsent()));
    assertFalse(published.isWanted(layer("q")));
  }

  @Test
  void whatIsWantedCrossesWithItsOwnNumbers() {
    send(layer("q"));
    send(layer("f"));
    tick();
    viewer.wanted.add("f");
    tick();
    assertTrue(published.isWanted(layer("f")), "so that it is repaired and goes on");
    assertFalse(published.isWanted(layer("q")));
    assertTrue(layer("f").keyFrames().isWanted());
    for (int i = 0; i < 100; i++) {
      send(layer("q"));
      send(layer("f"));
    }
    here.flush(now);
    assertEquals(1, woken, "once for all of them");
    there.receive(now);
    assertEquals(100, viewer.packets);
    assertEquals(layer("f").stream().highestSequenceNumber(), viewer.latest);
    assertEquals(100, hereCounters.value(SfuCounter.RELAYED_PACKETS_SENT));
    assertEquals(100, thereCounters.value(SfuCounter.RELAYED_PACKETS_RECEIVED));
    Layer copy = relayed.layer(new Rid("f"));
    assertNotNull(copy);
    int entry = copy.cache().find(viewer.latest);
    assertEquals(BYTES, copy.cache().payloadLength(entry));
    here.flush(now);
    assertEquals(1, woken);
  }

  @Test
  void wishesForKeyFramesAreOneRequest() {
    send(layer("f"));
    viewer.wanted.add("f");
    tick();
    tick();
    send(layer("f"));
    there.receive(now);
    layer("f").keyFrames().arrived();
    Layer copy = relayed.layer(new Rid("f"));
    assertNotNull(copy);
    assertEquals(0, asked(copy), "that it is needed has asked for one");
    assertEquals(1, asked(copy), "in a quarter of a second");
    assertTrue(layer("f").keyFrames().isWanted());
  }

  /// Requests within a quarter of a second of being wanted all the time.
  private long asked(Layer copy) {
    told.clear();
    for (int i = 0; i < 25; i++) {
      copy.keyFrames().want();
      tick();
    }
    return told.stream().filter(RelayMessage.KeyFrameNeeded.class::isInstance).count();
  }

  @Test
  void whatIsNotWantedForAWhileStaysAway() {
    send(layer("f"));
    viewer.wanted.add("f");
    tick();
    tick();
    viewer.wanted.clear();
    for (int i = 0; i < 310; i++) {
      tick();
    }
    assertFalse(published.isWanted(layer("f")));
    long before = hereCounters.value(SfuCounter.RELAYED_PACKETS_SENT);
    send(layer("f"));
    assertEquals(before, hereCounters.value(SfuCounter.RELAYED_PACKETS_SENT));
    // When it comes again, what was left out is not lost.
    there.receive(now);
    viewer.wanted.add("f");
    tick();
    tick();
    for (int i = 0; i < 500; i++) {
      number++;
    }
    send(layer("f"));
    there.receive(now);
    Layer copy = relayed.layer(new Rid("f"));
    assertNotNull(copy);
    assertEquals(0, copy.stream().missing());
  }

  @Test
  void aTrackThatHasEndedTakesNothingMore() {
    send(layer("f"));
    viewer.wanted.add("f");
    tick();
    tick();
    send(layer("f"));
    there.forget(relayed);
    there.receive(now);
    assertEquals(0, viewer.packets);
    assertEquals(1, thereCounters.value(SfuCounter.RELAYED_PACKETS_UNUSED));
  }

  @Test
  void aLayerThatItsPublisherReplacedIsReplacedThere() {
    send(layer("f"));
    tick();
    Layer before = relayed.layer(new Rid("f"));
    var fresh =
        new Layer(
            published,
            new Rid("f"),
            new ReceiveStream(4711, 90_000),
            new PacketCache(1 << 20, 1024),
            true);
    published.addLayer(fresh);
    tick();
    assertEquals(1, relayed.layers().size());
    assertTrue(relayed.layer(new Rid("f")) != before);
  }

  @Test
  void aSendersReportIsPassedOn() {
    send(layer("f"));
    tick();
    layer("f").stream().onSenderReport(1L << 40, 90_000, now - 5);
    tick();
    Layer copy = relayed.layer(new Rid("f"));
    assertNotNull(copy);
    assertTrue(copy.stream().hasSenderReport());
    assertEquals(now - 10_000_005, copy.stream().senderReportNanos());
    assertTrue(relayed.clock().isKnown());
  }

  @Test
  void nothingIsAllocatedForAPacket() {
    send(layer("f"));
    viewer.wanted.add("f");
    tick();
    tick();
    Layer layer = layer("f");
    long bytes =
        Garbage.ofCalmest(
            () -> {
              for (int i = 0; i < 20_000; i++) {
                now += 1_000_000;
                send(layer);
                here.flush(now);
                there.receive(now);
              }
            });
    assertEquals(0, bytes);
    assertEquals(0, hereCounters.value(SfuCounter.RELAYED_PACKETS_DROPPED));
    assertEquals(
        hereCounters.value(SfuCounter.RELAYED_PACKETS_SENT),
        thereCounters.value(SfuCounter.RELAYED_PACKETS_RECEIVED));
  }
}
