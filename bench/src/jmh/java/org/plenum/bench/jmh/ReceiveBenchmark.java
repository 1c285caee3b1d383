package org.plenum.bench.jmh;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.plenum.sfu.Codec;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.receive.FrameLayers;
import org.plenum.sfu.receive.NackGenerator;
import org.plenum.sfu.receive.PacketCache;
import org.plenum.sfu.receive.PayloadView;
import org.plenum.sfu.receive.TransportCcGenerator;

/// What is done once for each packet of a publisher, at 1000 packets a second.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ReceiveBenchmark {
  private static final long PACKET_NANOS = 1_000_000;
  private static final int LOST_EVERY = 100;
  private static final int POLL_EVERY = 10;

  private static final Codec VP8 =
      new Codec(CodecName.VP8, Packets.VP8, Packets.RTX, Set.of(), Map.of());

  private final PayloadView view = new PayloadView();
  private final PacketCache cache = new PacketCache(1 << 20, 1024);
  private final NackGenerator nacks = new NackGenerator();
  private final TransportCcGenerator transportCc = new TransportCcGenerator();
  private final MemorySegment payload = Arena.ofAuto().allocate(2048, 64);
  private final int[] due = new int[128];
  private final byte[] feedback = new byte[TransportCcGenerator.MAX_FCI_BYTES];
  private long number;

  @Benchmark
  public int readAndCacheOnePacketAndFindIt() {
    long next = number++;
    int entry = cache.add(next, (int) next, 0, Packets.PAYLOAD_BYTES, next * PACKET_NANOS);
    MemorySegment.copy(
        payload, 0, cache.bytes(), cache.payloadOffset(entry), Packets.PAYLOAD_BYTES);
    view.parse(CodecName.VP8, payload, 0, Packets.PAYLOAD_BYTES);
    cache.describe(entry, VP8, false, view, view.isKeyFrameStart(), -1, FrameLayers.NONE);
    return cache.find(next);
  }

  /// One of a hundred lost; asked every ten packets what to request.
  @Benchmark
  public int notePacketForNack() {
    long next = number++;
    if (next % LOST_EVERY == 0) {
      next = number++;
    }
    nacks.onPacket(next, next * PACKET_NANOS);
    return next % POLL_EVERY == 0 ? nacks.pollDue(next * PACKET_NANOS, due) : 0;
  }

  /// A message each 50 packets, as they come by time.
  @Benchmark
  public int notePacketForTransportCc() {
    long next = number++;
    long now = next * PACKET_NANOS;
    transportCc.onPacket((int) next & 0xFFFF, 1_200, now);
    return transportCc.isDue(now) ? transportCc.write(feedback, now) : 0;
  }
}
