package org.plenum.sfu.dtls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.sfu.dtls.Association.GCM;
import static org.plenum.sfu.dtls.Association.RESEND_MILLIS;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DtlsLifecycleTest {
  private static final DtlsCertificate CERTIFICATE = DtlsCertificate.generate();
  private static final int PERMITS = 2;
  private static final Duration LONG = Duration.ofSeconds(10);

  private final List<DtlsServer> servers = new ArrayList<>();

  @AfterEach
  void everyServerEndsWithoutSessionsAndTurns() {
    for (DtlsServer server : servers) {
      server.close();
      eventually(() -> server.sessions() == 0);
      eventually(() -> server.gate().free() == PERMITS);
    }
  }

  @Test
  void nothingStartsBeforeAClientHello() throws Exception {
    DtlsServer server = server(1024, LONG, LONG);
    try (var association = Association.clean(server, GCM)) {
      association.session.onDatagram(Records.record(22, 1, 0, new byte[40]));
      association.session.onDatagram(Records.record(21, 0, 0, (byte) 2, (byte) 40));
      association.session.onDatagram(new byte[] {22});
      assertEquals(3, server.counters().unexpectedDatagrams());
      assertEquals(0, server.counters().started());
      association.start().connected();
    }
  }

  @Test
  void aClientThatStopsInTheMiddleTimesOut() throws Exception {
    DtlsServer server = server(1024, LONG, Duration.ofMillis(200));
    try (var association = stalled(server).start()) {
      assertEquals(DtlsFailure.TIMEOUT, association.failed());
      assertEquals(1, server.counters().failed(DtlsFailure.TIMEOUT));
    }
  }

  @Test
  void stalledClientsKeepNobodyWaiting() throws Exception {
    DtlsServer server = server(0, LONG, LONG);
    var stalled = new ArrayList<Association>();
    for (int i = 0; i < 2 * PERMITS; i++) {
      Association one = stalled(server).start();
      stalled.add(one);
      eventually(() -> !one.listener.sent.isEmpty() && server.gate().free() == PERMITS);
    }
    try (var association = Association.clean(server, GCM).start()) {
      association.connected();
    }
    stalled.forEach(Association::close);
  }

  @Test
  void isOverloadedWhenItsTurnDoesNotCome() throws Exception {
    DtlsServer server = server(1024, Duration.ofMillis(50), LONG);
    takeAllTurns(server);
    try (var association = Association.clean(server, GCM).start()) {
      assertEquals(DtlsFailure.OVERLOADED, association.failed());
      assertEquals(1, server.counters().failed(DtlsFailure.OVERLOADED));
    }
    giveBackAllTurns(server);
  }

  @Test
  void isOverloadedAtOnceWhenTheQueueIsFull() throws Exception {
    DtlsServer server = server(1, LONG, LONG);
    takeAllTurns(server);
    try (var first = Association.clean(server, GCM).start()) {
      eventually(() -> server.gate().waiting() == 1);
      try (var second = Association.clean(server, GCM).start()) {
        assertEquals(DtlsFailure.OVERLOADED, second.failed());
      }
      giveBackAllTurns(server);
      first.connected();
    }
  }

  @Test
  void keeps32DatagramsWhileItWaitsForItsTurn() throws Exception {
    DtlsServer server = server(1024, LONG, LONG);
    takeAllTurns(server);
    try (var association = Association.clean(server, GCM)) {
      byte[] hello = Records.record(22, 0, 1, Records.fragment(1, 500, 0, 40));
      for (int i = 0; i < 40; i++) {
        association.session.onDatagram(hello);
      }
      assertEquals(8, server.counters().droppedDatagrams());
    }
    giveBackAllTurns(server);
  }

  @Test
  void closeWhileWaitingForATurnEndsTheWait() throws Exception {
    DtlsServer server = server(1024, LONG, LONG);
    takeAllTurns(server);
    try (var association = Association.clean(server, GCM).start()) {
      eventually(() -> server.gate().waiting() == 1);
      association.session.close();
      association.closed();
      assertEquals(0, server.gate().waiting());
      assertEquals(1, server.counters().abandoned());
    }
    giveBackAllTurns(server);
  }

  @Test
  void closeInTheMiddleOfAHandshakeEndsIt() throws Exception {
    DtlsServer server = server(1024, LONG, LONG);
    try (var association = stalled(server).start()) {
      eventually(() -> !association.listener.sent.isEmpty());
      association.session.close();
      association.closed();
      assertFalse(association.listener.failed.isDone());
      assertEquals(1, server.counters().abandoned());
    }
  }

  @Test
  void closeOfAnIdleSessionIsReportedAndCountsNoHandshake() throws Exception {
    DtlsServer server = server(1024, LONG, LONG);
    try (var association = Association.clean(server, GCM)) {
      association.session.close();
      association.session.close();
      association.closed();
      assertEquals(0, server.counters().started());
      assertEquals(0, server.counters().abandoned());
      assertEquals(1, association.listener.finals.get());
    }
  }

  @Test
  void tellsThePeerThatItCloses() throws Exception {
    try (var association = Association.clean(server(1024, LONG, LONG), GCM).start()) {
      association.connected();
      association.session.close();
      association.client.closeNotify.get(20, TimeUnit.SECONDS);
      association.closed();
    }
  }

  @Test
  void hearsThatThePeerCloses() throws Exception {
    DtlsServer server = server(1024, LONG, LONG);
    try (var association = Association.clean(server, GCM).start()) {
      association.connected();
      association.client.close();
      association.closed();
      association.session.onDatagram(Records.record(23, 1, 9, new byte[40]));
      assertEquals(1, server.counters().unexpectedDatagrams());
    }
  }

  @Test
  void closingTheServerEndsEverySession() throws Exception {
    DtlsServer server = server(1024, LONG, LONG);
    var connected = Association.clean(server, GCM).start();
    var stalled = stalled(server).start();
    var idle = Association.clean(server, GCM);
    connected.connected();
    eventually(() -> !stalled.listener.sent.isEmpty());
    server.close();
    var late = Association.clean(server, GCM);
    for (Association one : List.of(connected, stalled, idle, late)) {
      one.closed();
      one.close();
      assertEquals(1, one.listener.finals.get());
    }
  }

  @Test
  void closingAtAnyMomentLeavesNothingBehind() throws Exception {
    DtlsServer server = server(1024, LONG, LONG);
    var random = new Random(7);
    for (int i = 0; i < 150; i++) {
      try (var association = Association.clean(server, GCM).start()) {
        LockSupport.parkNanos(random.nextInt(8_000_000));
        association.session.close();
        association.closed();
        assertEquals(1, association.listener.finals.get());
      }
    }
    DtlsCounters counters = server.counters();
    assertTrue(counters.started() > 0);
    assertEquals(counters.started(), counters.completed() + counters.abandoned());
  }

  @Test
  void aDefectOfTheListenerEndsTheSession() throws Exception {
    DtlsServer server = server(1024, LONG, LONG);
    UnaryOperator<Consumer<byte[]>> broken =
        to ->
            datagram -> {
              throw new IllegalStateException("expected by the test");
            };
    try (var association =
        Association.over(server, UnaryOperator.identity(), broken, GCM).start()) {
      assertEquals(DtlsFailure.PROTOCOL, association.failed());
    }
  }

  @Test
  void warmUpCountsNothing() {
    DtlsServer server = server(1024, LONG, LONG);
    server.warmUp();
    assertEquals(0, server.counters().started());
    assertEquals(0, server.sessions());
  }

  @Test
  void warmUpEndsWhenInterrupted() {
    Thread.currentThread().interrupt();
    server(1024, LONG, LONG).warmUp();
    assertTrue(Thread.interrupted());
  }

  @Test
  void rotationConcernsNewSessionsOnly() throws Exception {
    DtlsServer server = server(1024, LONG, LONG);
    try (var before = Association.clean(server, GCM)) {
      DtlsCertificate next = DtlsCertificate.generate();
      server.rotate(next);
      assertEquals(next, server.certificate());
      try (var after = Association.clean(server, GCM)) {
        before.start().connected();
        after.start().connected();
        assertTrue(before.client.sawServer(CERTIFICATE.fingerprint()));
        assertTrue(after.client.sawServer(next.fingerprint()));
      }
    }
  }

  private DtlsServer server(int waiting, Duration turnTimeout, Duration handshakeTimeout) {
    var limits = new DtlsLimits(PERMITS, waiting, turnTimeout, handshakeTimeout, RESEND_MILLIS);
    var server = new DtlsServer(CERTIFICATE, limits);
    servers.add(server);
    return server;
  }

  /// Nothing but its first datagram, the ClientHello, arrives.
  private static Association stalled(DtlsServer server) {
    var spoken = new AtomicBoolean();
    return Association.over(
        server,
        to ->
            datagram -> {
              if (spoken.compareAndSet(false, true)) {
                to.accept(datagram);
              }
            },
        UnaryOperator.identity(),
        GCM);
  }

  private static void takeAllTurns(DtlsServer server) throws InterruptedException {
    for (int i = 0; i < PERMITS; i++) {
      assertTrue(server.gate().enter(0));
    }
  }

  private static void giveBackAllTurns(DtlsServer server) {
    for (int i = 0; i < PERMITS; i++) {
      server.gate().leave();
    }
  }

  private static void eventually(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean() && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(1_000_000);
    }
    assertTrue(condition.getAsBoolean());
  }
}
