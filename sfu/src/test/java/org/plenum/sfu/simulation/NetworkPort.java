package org.plenum.sfu.simulation;

import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.port.MediaPort;
import org.plenum.ice.port.MediaPortCounters;
import org.plenum.ice.port.ReceiveBatch;
import org.plenum.ice.port.SendBatch;

/// A media port whose datagrams go to whoever is at the other end of their path, by hand of the
/// test. Nothing comes in by it.
final class NetworkPort implements MediaPort {
  private final ReceiveBatch received = new ReceiveBatch();
  private final MediaPortCounters counters = new MediaPortCounters();
  private final Map<NetworkPath, End> ends = new HashMap<>();
  private Predicate<byte[]> refused = _ -> false;

  /// Whoever is at the other end of a path.
  interface End {
    /// It was built for this end, whether the port takes it or not.
    void onBuilt(byte[] datagram);

    /// The port took it.
    void onSent(byte[] datagram);
  }

  /// Where datagrams to this path go.
  void connect(NetworkPath path, End end) {
    ends.put(path, end);
  }

  /// These are not taken, as by a kernel whose buffer is full.
  void refuse(Predicate<byte[]> which) {
    refused = which;
  }

  @Override
  public void flush(SendBatch batch) {
    for (int i = 0; i < batch.count(); i++) {
      End end = ends.get(batch.path(i));
      byte[] datagram =
          batch
              .slab()
              .asSlice(batch.offset(i), batch.lengthBytes(i))
              .toArray(ValueLayout.JAVA_BYTE);
      if (end == null) {
        continue;
      }
      end.onBuilt(datagram);
      if (!refused.test(datagram)) {
        end.onSent(datagram);
        batch.markSent(i);
      }
    }
  }

  @Override
  public int port() {
    return 10_000;
  }

  @Override
  public ReceiveBatch received() {
    return received;
  }

  @Override
  public void await(long timeoutNanos) {}

  @Override
  public void wakeUp() {}

  @Override
  public int receive() {
    return 0;
  }

  @Override
  public int receiveBufferBytes() {
    return 0;
  }

  @Override
  public int sendBufferBytes() {
    return 0;
  }

  @Override
  public MediaPortCounters counters() {
    return counters;
  }

  @Override
  public void close() {}
}
