package org.plenum.bench.jmh;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.plenum.sfu.rtp.RtpHeaderWriter;
import org.plenum.sfu.rtp.RtpPacket;

/// Parsing a packet with one header extension and looking that up.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RtpParseBenchmark {
  private final MemorySegment slab = Arena.ofAuto().allocate(2048, 64);
  private final int headerLength = Packets.header(new RtpHeaderWriter(), slab, 1);
  private final RtpPacket packet = new RtpPacket();

  @Benchmark
  public int parse() {
    if (!packet.parse(slab, 0, headerLength + Packets.PAYLOAD_BYTES)) {
      throw new IllegalStateException("a packet of our own does not parse");
    }
    return packet.extensionOffset(Packets.TRANSPORT_CC) + packet.payloadLength();
  }
}
