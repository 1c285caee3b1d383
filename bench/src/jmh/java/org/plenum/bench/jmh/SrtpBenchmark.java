package org.plenum.bench.jmh;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.plenum.sfu.rtp.RtpHeaderWriter;
import org.plenum.sfu.srtp.SrtpFactory;
import org.plenum.sfu.srtp.SrtpProfile;
import org.plenum.sfu.srtp.SrtpReceiver;
import org.plenum.sfu.srtp.SrtpSender;

/// A packet of 1200 bytes protected; and protected, then unprotected, as no packet can be
/// unprotected twice.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SrtpBenchmark {
  @Param public SrtpProfile profile = SrtpProfile.AEAD_AES_128_GCM;

  private final RtpHeaderWriter header = new RtpHeaderWriter();
  private final MemorySegment slab = Arena.ofAuto().allocate(2048, 64);
  private final MemorySegment payload = Arena.ofAuto().allocate(2048, 64);
  private final SrtpFactory factory = SrtpFactory.selfTested();
  private SrtpSender sender = factory.sender(Packets.keys(profile));
  private SrtpReceiver receiver = factory.receiver(Packets.keys(profile));
  private SrtpSender.Stream stream = sender.stream(Packets.SSRC);
  private long number;

  @Setup
  public void open() {
    close();
    sender = factory.sender(Packets.keys(profile));
    receiver = factory.receiver(Packets.keys(profile));
    stream = sender.stream(Packets.SSRC);
    number = 0;
  }

  @TearDown
  public void close() {
    sender.close();
    receiver.close();
  }

  @Benchmark
  public int protect() {
    return Packets.protect(stream, header, slab, payload, number++);
  }

  @Benchmark
  public int protectAndUnprotect() {
    int length = Packets.protect(stream, header, slab, payload, number++);
    int plain = receiver.unprotect(slab, 0, length, 20);
    if (plain < 0) {
      throw new IllegalStateException("refused its own packet: " + plain);
    }
    return plain;
  }
}
