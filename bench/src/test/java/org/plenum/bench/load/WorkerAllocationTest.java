package org.plenum.bench.load;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.plenum.bench.client.ClientOptions;
import org.plenum.bench.signaling.WebSocketSignaling;
import org.plenum.sfu.srtp.SrtpProfile;
import org.plenum.signaling.PlenumServer;
import org.plenum.signaling.config.ServerConfig;

/// What the worker's thread of a running server allocates while media flows.
class WorkerAllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void theWorkerAllocatesNothingPerPacketInSteadyState() throws Exception {
    try (PlenumServer server = PlenumServer.start(ServerConfig.forTests())) {
      URI url = URI.create("http://127.0.0.1:" + server.httpPort());
      LoadSettings settings =
          new LoadSettings(
              url,
              0,
              new Shape(1, 1, 10, false),
              new ClientOptions(2_000_000, 25, true, SrtpProfile.AEAD_AES_128_GCM, 0),
              0,
              1,
              0,
              1,
              LoadSettings.Protocol.WEBSOCKET);
      try (var signaling = new WebSocketSignaling(url);
          var run = new LoadRun(settings, signaling)) {
        run.run();
        System.out.println(measure(run));
      }
    }
  }

  private static double measure(LoadRun run) throws InterruptedException {
    long worker = workerThread();
    long packets = run.packetsReceived();
    long bytes = THREADS.getThreadAllocatedBytes(worker);
    Thread.sleep(3000);
    long allocated = THREADS.getThreadAllocatedBytes(worker) - bytes;
    return (double) allocated / (run.packetsReceived() - packets);
  }

  private static long workerThread() {
    return Arrays.stream(THREADS.dumpAllThreads(false, false))
        .filter(thread -> thread.getThreadName().equals("plenum-worker-0"))
        .findFirst()
        .orElseThrow()
        .getThreadId();
  }
}
