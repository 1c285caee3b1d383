package org.plenum.ice.port;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.plenum.ice.NetworkPath;

/// Sends from one Linux port to another until thousands of exchanges in a row allocated nothing:
/// the calls allocate 40 bytes each until the optimizing compiler has seen them. Exits with 1 if
/// that never happens.
final class PortAllocation {
  private static final int ROUNDS = 300;
  private static final int QUIET_ROUNDS = 3;
  private static final int EXCHANGES = 1_000;

  private PortAllocation() {}

  public static void main(String[] args) throws IOException {
    InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
    int quiet = 0;
    long last = 0;
    try (MediaPort from = MediaPorts.open(MediaPortKind.LINUX, 0, List.of());
        MediaPort to = MediaPorts.open(MediaPortKind.LINUX, 0, List.of())) {
      SendBatch batch = batch(NetworkPath.to(new InetSocketAddress(loopback, to.port()), loopback));
      for (int i = 0; i < ROUNDS && quiet < QUIET_ROUNDS; i++) {
        last = allocatedBy(from, to, batch);
        quiet = last == 0 ? quiet + 1 : 0;
      }
    }
    if (quiet < QUIET_ROUNDS) {
      System.out.println(EXCHANGES + " exchanges still allocate " + last + " bytes");
      System.exit(1);
    }
  }

  private static SendBatch batch(NetworkPath path) {
    SendBatch batch = new SendBatch();
    for (int length : new int[] {1200, 1200, 900, 1100}) {
      batch.commit(length, path, 0);
    }
    return batch;
  }

  private static long allocatedBy(MediaPort from, MediaPort to, SendBatch batch) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < EXCHANGES; i++) {
      from.flush(batch);
      to.await(1_000_000_000);
      to.receive();
    }
    return threads.getCurrentThreadAllocatedBytes() - before;
  }
}
