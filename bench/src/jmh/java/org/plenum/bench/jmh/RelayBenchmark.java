package org.plenum.bench.jmh;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.plenum.sfu.Codec;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.Mid;
import org.plenum.sfu.ParticipantId;
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
import org.plenum.sfu.relay.RelayEnd;
import org.plenum.sfu.relay.RelayMessage;
import org.plenum.sfu.transport.WallClock;

/// One publisher's packet from one part of a room to another: what the workers of both do for it,
/// on one thread, so that it can be set against [FanOutBenchmark], which says what a viewer costs
/// without the system calls. Frames of four packets cross at once, as they come. What the packet
/// costs its first side anyway (its place in the cache, its layer's rate) is included.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RelayBenchmark {
  private static final int PACKETS = 4;
  private static final long FRAME_NANOS = 40_000_000;
  private static final Codec VP8 =
      new Codec(CodecName.VP8, Packets.VP8, Packets.RTX, Set.of(), Map.of());

  private final WorkerCounters hereCounters = new WorkerCounters();
  private final WorkerCounters thereCounters = new WorkerCounters();
  private final ArrayDeque<RelayMessage> toThere = new ArrayDeque<>();
  private final ArrayDeque<RelayMessage> toHere = new ArrayDeque<>();
  private final PacketRing down = new PacketRing();
  private final PacketRing up = new PacketRing();
  private final RelayEnd here = new RelayEnd(down, up, toThere::add, () -> {});
  private final RelayEnd there = new RelayEnd(up, down, toHere::add, () -> {});
  private final Track published = track();
  private final Track relayed = track();
  private final PayloadView view = new PayloadView();
  private final MemorySegment payload = Arena.ofAuto().allocate(2048, 64);
  private final Layer layer =
      new Layer(
          published,
          null,
          new ReceiveStream(Packets.SSRC, 90_000),
          new PacketCache(1 << 20, 1024),
          true);
  private long number;
  private long taken;

  private static Track track() {
    return new Track(
        new TrackId("t"),
        new ParticipantId("p"),
        new Mid("0"),
        TrackSource.CAMERA,
        List.of(VP8),
        new PublisherClock());
  }

  @Setup
  public void connect() {
    here.settle(new RelayEnd.Home(hereCounters, new WallClock(0, 0)));
    there.settle(new RelayEnd.Home(thereCounters, new WallClock(0, 0)));
    there.admit(relayed);
    here.export(published);
    relayed.attach(new Viewer());
    published.addLayer(layer);
    deliver();
    there.onTimeout(0);
    deliver();
    if (!published.isWanted(layer)) {
      throw new IllegalStateException("nobody wants the layer");
    }
  }

  private void deliver() {
    while (!toThere.isEmpty()) {
      there.onMessage((RelayMessage.Media) toThere.remove());
    }
    while (!toHere.isEmpty()) {
      here.onMessage((RelayMessage.Media) toHere.remove());
    }
  }

  private final class Viewer implements TrackSink {
    @Override
    public void onPacket(Layer from, long sequenceNumber, int entry) {
      taken++;
    }

    @Override
    public void onLayersChanged(Track track) {}

    @Override
    public void onLayerGone(Layer gone) {}

    @Override
    public void onTrackEnded(Track track) {}

    @Override
    public boolean wants(Layer any) {
      return true;
    }
  }

  @TearDown
  public void close() {
    if (taken != number || thereCounters.value(SfuCounter.RELAYED_PACKETS_RECEIVED) != number) {
      throw new IllegalStateException(number + " packets, but " + taken + " taken over");
    }
    published.end();
    relayed.end();
  }

  @Benchmark
  @OperationsPerInvocation(PACKETS)
  public void frame() {
    long now = number / PACKETS * FRAME_NANOS;
    for (int i = 0; i < PACKETS; i++) {
      Packets.descriptor(payload, number);
      int timestamp = (int) (number / PACKETS) * 3600;
      long unwrapped =
          layer.stream().onPacket((int) number & 0xFFFF, timestamp, now, false);
      PacketCache cache = layer.cache();
      int entry = cache.add(unwrapped, timestamp, 0, Packets.PAYLOAD_BYTES, now);
      view.parse(CodecName.VP8, payload, 0, Packets.PAYLOAD_BYTES);
      boolean isKey = view.isKeyFrameStart();
      cache.describe(entry, VP8, i == PACKETS - 1, view, isKey, -1, FrameLayers.NONE);
      published.onPacket(layer, unwrapped, entry, 0, now);
      number++;
    }
    here.flush(now);
    there.receive(now);
  }
}
