package org.plenum.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.plenum.bench.client.ClientOptions;
import org.plenum.bench.client.VideoShape;
import org.plenum.bench.signaling.WebSocketSignaling;
import org.plenum.sfu.srtp.SrtpProfile;
import org.plenum.signaling.PlenumServer;
import org.plenum.signaling.config.ServerConfig;

/// What the worker's thread of a running server allocates while media flows.
///
/// Some of it goes with time, not with packets (reports, feedback, connectivity checks), so two
/// rates are compared: what more packets allocate is what a packet allocates. How much comes from
/// the JVM's exact counter of the thread, where from out of a flight recording, which only samples.
class WorkerAllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final String WORKER = "plenum-worker-0";
  private static final int VIEWERS = 10;

  /// So much that bandwidth is shared out as often as at the higher rate: that makes objects.
  private static final long LOW_BPS = 2_000_000;

  private static final long HIGH_BPS = 18_000_000;
  private static final double WINDOW_SECONDS = 1;

  /// Until what is remembered of each viewer's packets has grown as large as this rate needs.
  private static final double WARM_UP_SECONDS = 3;

  /// Until the JVM's last compiler has had all of the path, objects that never leave a method are
  /// real ones: so first as many packets as go, and then as many attempts as it takes.
  private static final int ATTEMPTS = 12;

  private static final int FRAMES_ON_THEIR_WAY = 3;

  /// Less than the smallest object for each of 16 packets.
  private static final double NOTHING_BYTES = 1;

  private record Window(long bytes, long packets) {
    double bytesPerPacketMoreThan(Window other) {
      return (double) (bytes - other.bytes) / (packets - other.packets);
    }
  }

  @Test
  void theWorkerAllocatesNothingPerPacketInSteadyState() throws Exception {
    try (PlenumServer server = PlenumServer.start(ServerConfig.forTests())) {
      URI url = URI.create("http://127.0.0.1:" + server.httpPort());
      window(url, LOW_BPS, FRAMES_ON_THEIR_WAY);
      double bytesPerPacket = Double.MAX_VALUE;
      try (var sites = new AllocationSites(WORKER)) {
        for (int i = 0; i < ATTEMPTS && Math.abs(bytesPerPacket) >= NOTHING_BYTES; i++) {
          sites.forget();
          bytesPerPacket = window(url, HIGH_BPS, 0).bytesPerPacketMoreThan(window(url, LOW_BPS, 0));
        }
        assertEquals(
            0, bytesPerPacket, NOTHING_BYTES, () -> "bytes per egress packet, from\n" + sites);
      }
    }
  }

  private static Window window(URI url, long videoBps, int framesOnTheirWay)
      throws IOException, InterruptedException {
    var settings =
        new LoadSettings(
            url,
            0,
            new Shape(1, 1, VIEWERS, false),
            new ClientOptions(
                videoBps,
                25,
                VideoShape.VP8,
                false,
                SrtpProfile.AEAD_AES_128_GCM,
                framesOnTheirWay),
            Course.steady(WINDOW_SECONDS, WARM_UP_SECONDS),
            1,
            LoadSettings.Protocol.WEBSOCKET,
            false);
    long worker = workerThread();
    try (var signaling = new WebSocketSignaling(url);
        var run = new LoadRun(settings, signaling)) {
      long[] bytes = new long[2];
      LoadResult result =
          run.run(
              () -> bytes[0] = THREADS.getThreadAllocatedBytes(worker),
              () -> bytes[1] = THREADS.getThreadAllocatedBytes(worker));
      assertTrue(result.details().delivered() > 0, result::toString);
      return new Window(
          bytes[1] - bytes[0], Math.round(result.egressPacketsPerSecond() * result.seconds()));
    }
  }

  private static long workerThread() {
    return Arrays.stream(THREADS.dumpAllThreads(false, false))
        .filter(thread -> thread.getThreadName().equals(WORKER))
        .findFirst()
        .orElseThrow()
        .getThreadId();
  }
}
