package org.plenum.bench.echo;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.port.MediaPort;
import org.plenum.ice.port.MediaPortKind;
import org.plenum.ice.port.MediaPorts;
import org.plenum.ice.port.ReceiveBatch;
import org.plenum.ice.port.SendBatch;

/// Sends stamped datagrams to [UdpEcho] at a rate, evenly by the millisecond, and measures how long
/// they are away.
public final class EchoLoad {
  private static final int BYTES = 1216;
  private static final long STEP_NANOS = 1_000_000;
  private static final long WARM_UP_NANOS = 2_000_000_000L;
  private static final long DRAIN_NANOS = 300_000_000L;

  private final MediaPort port;
  private final SendBatch batch = new SendBatch();
  private final NetworkPath path;
  private final Histogram delays = new Histogram(60_000_000_000L, 3);
  private long sent;
  private long came;

  private EchoLoad(MediaPort port, int echoPort) {
    this.port = port;
    path = NetworkPath.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), echoPort), null);
  }

  /// @param args port of the echo, datagrams a second, seconds
  public static void main(String[] args) throws IOException {
    int perSecond = Integer.parseInt(args[1]);
    long nanos = (long) (Double.parseDouble(args[2]) * 1e9);
    var local = List.of(InetAddress.getLoopbackAddress());
    try (MediaPort port = MediaPorts.open(MediaPortKind.AUTO, 0, local)) {
      var load = new EchoLoad(port, Integer.parseInt(args[0]));
      load.run(perSecond, WARM_UP_NANOS);
      load.begin();
      load.run(perSecond, nanos);
      load.run(0, DRAIN_NANOS);
      System.out.println(load.json());
    }
  }

  private void begin() {
    delays.reset();
    sent = 0;
    came = 0;
  }

  private void run(int perSecond, long nanos) {
    long start = System.nanoTime();
    long next = start;
    double credit = 0;
    for (long now = start; now - start < nanos; now = System.nanoTime()) {
      if (next - now <= 0) {
        credit += perSecond * (STEP_NANOS / 1e9);
        send((int) credit);
        credit -= (int) credit;
        next += STEP_NANOS;
      }
      port.await(next - System.nanoTime());
      receive();
    }
  }

  private void send(int count) {
    for (int i = 0; i < count; i++) {
      batch.slab().set(ValueLayout.JAVA_LONG, batch.nextOffset(), System.nanoTime());
      batch.commit(BYTES, path, 0);
      sent++;
      if (batch.isFull()) {
        flush();
      }
    }
    flush();
  }

  private void flush() {
    port.flush(batch);
    batch.clear();
  }

  private void receive() {
    int count = port.receive();
    long now = System.nanoTime();
    ReceiveBatch received = port.received();
    for (int i = 0; i < count; i++) {
      came++;
      delays.recordValue(now - received.slab().get(ValueLayout.JAVA_LONG, received.offset(i)));
    }
  }

  private String json() {
    return String.format(
        Locale.ROOT,
        "{\"sent\": %d, \"came\": %d, \"delayMillis\": {\"p50\": %.4f, \"p99\": %.4f, \"p999\":"
            + " %.4f}}",
        sent,
        came,
        delays.getValueAtPercentile(50) / 1e6,
        delays.getValueAtPercentile(99) / 1e6,
        delays.getValueAtPercentile(99.9) / 1e6);
  }
}
