package org.plenum.sfu.transport;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.plenum.ice.agent.IceCredentials;
import org.plenum.sfu.counters.WorkerCounters;
import org.plenum.sfu.dtls.DtlsCertificate;
import org.plenum.sfu.dtls.DtlsServer;
import org.plenum.sfu.room.SilentPort;
import org.plenum.sfu.rtp.HeaderExtensionMap;
import org.plenum.sfu.srtp.SrtpFactory;

class SendScheduleTest {
  private static final DtlsCertificate CERTIFICATE = DtlsCertificate.generate();

  private final TransportContext context =
      new TransportContext(
          new Egress(new SilentPort(), new WorkerCounters()),
          new WorkerCounters(),
          new DtlsServer(CERTIFICATE),
          SrtpFactory.selfTested(),
          (_, _) -> {},
          new WallClock(0, 0),
          new Random(11));
  private final SendSchedule schedule = context.schedule;
  private final Transport viewer =
      new Transport(
          context,
          IceCredentials.random(),
          List.of(CERTIFICATE.fingerprint()),
          HeaderExtensionMap.EMPTY,
          _ -> {},
          0);

  @Test
  void awaitsTheRestOfAPictureThatSomebodyIsToGet() {
    schedule.onForwarded(false);
    assertFalse(schedule.awaitsRest(), "nobody gets it");

    schedule.markDirty(viewer);
    assertTrue(schedule.awaitsRest());
    schedule.onForwarded(true);
    assertFalse(schedule.awaitsRest(), "all of it is here");

    schedule.onForwarded(false);
    sendAll();
    schedule.markDirty(viewer);
    assertFalse(schedule.awaitsRest(), "another turn: what waits is not of that picture");
  }

  private void sendAll() {
    schedule.sendAll(0, (_, fault) -> fail(fault));
  }
}
