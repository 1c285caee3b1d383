package org.plenum.bench.echo;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.util.List;
import org.plenum.ice.port.MediaPort;
import org.plenum.ice.port.MediaPortKind;
import org.plenum.ice.port.MediaPorts;
import org.plenum.ice.port.ReceiveBatch;
import org.plenum.ice.port.SendBatch;

/// Sends every datagram back, by the same system calls as the server: what is left of a server
/// that does nothing.
public final class UdpEcho {
  private static final long AWAIT_NANOS = 1_000_000_000L;

  private UdpEcho() {}

  /// @param args the UDP port
  public static void main(String[] args) throws IOException {
    var local = List.of(InetAddress.getLoopbackAddress());
    try (MediaPort port = MediaPorts.open(MediaPortKind.AUTO, Integer.parseInt(args[0]), local)) {
      var batch = new SendBatch();
      while (true) {
        port.await(AWAIT_NANOS);
        echo(port, batch);
      }
    }
  }

  private static void echo(MediaPort port, SendBatch batch) {
    int count = port.receive();
    ReceiveBatch received = port.received();
    for (int i = 0; i < count; i++) {
      int length = received.length(i);
      MemorySegment.copy(
          received.slab(), received.offset(i), batch.slab(), batch.nextOffset(), length);
      batch.commit(length, received.path(i), 0);
    }
    port.flush(batch);
    batch.clear();
  }
}
