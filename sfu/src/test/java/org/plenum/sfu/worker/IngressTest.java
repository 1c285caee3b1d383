package org.plenum.sfu.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.port.ReceiveBatch;
import org.plenum.sfu.IngressVerdict;
import org.plenum.sfu.counters.WorkerCounters;

class IngressTest {
  private static final byte DTLS = 22;
  private static final NetworkPath SOMEBODY =
      NetworkPath.to(new InetSocketAddress("192.0.2.1", 5_000), null);

  /// With nothing behind it, looking for the transport of a datagram is a fault. Of what is of no
  /// transport no room can be closed; the others go on.
  @Test
  void aFaultOfOursOutsideOfATransportCostsTheDatagramOnly() {
    var counters = new WorkerCounters();
    List<RuntimeException> faults = new ArrayList<>();
    var ingress =
        new Ingress(
            null,
            null,
            null,
            null,
            null,
            counters,
            (_, fault) -> {
              throw fault;
            },
            faults::add);
    var batch = new ReceiveBatch();
    batch.unwrap(0, 0, 2, SOMEBODY);
    batch.slab().set(ValueLayout.JAVA_BYTE, batch.offset(0), DTLS);
    batch.unwrap(1, 0, 1, SOMEBODY);
    ingress.receive(batch, 2, 0);
    assertEquals(1, faults.size());
    assertEquals(1, counters.value(IngressVerdict.OUR_FAULT));
    assertEquals(1, counters.value(IngressVerdict.UNKNOWN_PROTOCOL));
  }
}
