package org.plenum.sfu.dtls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.sfu.dtls.Association.GCM;
import static org.plenum.sfu.dtls.Association.RESEND_MILLIS;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.plenum.sfu.srtp.SrtpKeys;
import org.plenum.sfu.srtp.SrtpProfile;

@Timeout(60)
class DtlsHandshakeTest {
  private static final DtlsCertificate CERTIFICATE = DtlsCertificate.generate();
  private static final int CM = SrtpProfile.AES_CM_128_HMAC_SHA1_80.id();
  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

  private final DtlsServer server =
      new DtlsServer(CERTIFICATE, new DtlsLimits(4, 1024, TEN_SECONDS, TEN_SECONDS, RESEND_MILLIS));

  @AfterEach
  void closeServer() {
    server.close();
  }

  @ParameterizedTest
  @EnumSource(SrtpProfile.class)
  void bothEndsGetTheSameKeys(SrtpProfile profile) throws Exception {
    try (var association = Association.clean(server, profile.id()).start()) {
      SrtpKeys keys = association.connected();
      assertEquals(profile, keys.profile());
      assertEquals(profile.keyBytes(), keys.sendKey().length);
      assertEquals(profile.saltBytes(), keys.receiveSalt().length);
      assertFalse(Arrays.equals(keys.sendKey(), keys.receiveKey()));
      assertEquals(1, server.counters().started());
      assertEquals(1, server.counters().completed());
    }
  }

  @Test
  void prefersGcmWhateverTheOrderOfTheOffer() throws Exception {
    try (var association = Association.clean(server, CM, 8, GCM).start()) {
      assertEquals(SrtpProfile.AEAD_AES_128_GCM, association.connected().profile());
    }
  }

  @Test
  void completesAtTenPercentLoss() throws Exception {
    connectAll(20, seed -> Association.lossy(server, seed, GCM, CM));
  }

  @Test
  void fiftyHandshakesAtOnce() throws Exception {
    connectAll(50, seed -> Association.clean(server, GCM));
  }

  @Test
  void acceptsAnyOfTheExpectedFingerprints() throws Exception {
    byte[] der = TestClient.CERTIFICATE.chain().getCertificateAt(0).getEncoded();
    for (String hash : List.of("sha-256", "sha-384", "sha-512")) {
      var fingerprint = DtlsFingerprint.of(hash, der);
      var identity = UnaryOperator.<Consumer<byte[]>>identity();
      try (var association = new Association(server, fingerprint, identity, identity, GCM)) {
        association.start().connected();
      }
    }
  }

  @Test
  void refusesAnotherCertificate() throws Exception {
    var other = CERTIFICATE.fingerprint();
    var identity = UnaryOperator.<Consumer<byte[]>>identity();
    try (var association = new Association(server, other, identity, identity, GCM)) {
      assertEquals(DtlsFailure.FINGERPRINT_MISMATCH, association.start().failed());
      assertFalse(association.listener.keys.isDone());
      assertEquals(1, server.counters().failed(DtlsFailure.FINGERPRINT_MISMATCH));
      assertEquals(0, server.counters().completed());
    }
  }

  @Test
  void refusesAnOfferWithoutOurProfiles() throws Exception {
    try (var association = Association.clean(server, 8, 2).start()) {
      assertEquals(DtlsFailure.NO_COMMON_SRTP_PROFILE, association.failed());
    }
  }

  @Test
  void refusesAClientWithoutSrtp() throws Exception {
    try (var association = Association.clean(server).start()) {
      assertEquals(DtlsFailure.NO_COMMON_SRTP_PROFILE, association.failed());
    }
  }

  @Test
  void noDatagramIsOver1200Bytes() throws Exception {
    try (var association = Association.clean(server, GCM).start()) {
      association.connected();
      assertTrue(association.listener.sent.stream().allMatch(sent -> sent.length <= 1200));
      assertTrue(association.listener.sent.size() >= 2);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 11, 15, 16})
  void survivesTheLossOfAnyOneMessage(int messageType) throws Exception {
    var left = new AtomicInteger(1);
    UnaryOperator<Consumer<byte[]>> uplink =
        to ->
            datagram -> {
              if (!Records.isHandshake(datagram, messageType) || left.getAndDecrement() <= 0) {
                to.accept(datagram);
              }
            };
    try (var association = Association.over(server, uplink, UnaryOperator.identity(), GCM)) {
      association.start().connected();
    }
    assertTrue(left.get() < 1); // lost once, and seen again or not needed
  }

  @Test
  void readsAFinishedPackedBehindRecordsOfTheOldEpoch() throws Exception {
    var lost = new AtomicInteger();
    var flight = new ArrayList<byte[]>();
    UnaryOperator<Consumer<byte[]>> uplink =
        to ->
            datagram -> {
              if (lost.get() == 0 && Records.epoch(datagram) == 0) {
                to.accept(datagram);
              } else if (lost.getAndIncrement() > 0) {
                flight.add(datagram);
                if (Records.epoch(datagram) == 1) {
                  to.accept(Records.join(flight.toArray(byte[][]::new)));
                  flight.clear();
                }
              }
            };
    try (var association = Association.over(server, uplink, UnaryOperator.identity(), GCM)) {
      association.start().connected();
    }
    assertTrue(lost.get() > 1);
  }

  @Test
  void repeatsItsLastFlightAfterCompletion() throws Exception {
    var lost = new AtomicInteger();
    UnaryOperator<Consumer<byte[]>> downlink =
        to ->
            datagram -> {
              if (Records.type(datagram) != 20 || lost.incrementAndGet() > 2) {
                to.accept(datagram);
              }
            };
    try (var association = Association.over(server, UnaryOperator.identity(), downlink, GCM)) {
      association.start().connected();
    }
    assertEquals(3, lost.get());
  }

  @Test
  void garbageAtEveryStageBreaksNothing() throws Exception {
    for (int seed = 0; seed < 8; seed++) {
      var garbage = new Garbage(seed);
      UnaryOperator<Consumer<byte[]>> uplink =
          to ->
              datagram -> {
                garbage.around(datagram).forEach(to);
                to.accept(datagram);
              };
      try (var association = Association.over(server, uplink, UnaryOperator.identity(), GCM)) {
        association.start().connected();
        garbage.around(new byte[100]).forEach(association.session::onDatagram);
        association.client.close();
        association.closed();
      }
    }
    assertEquals(8, server.counters().completed());
  }

  private void connectAll(int count, IntFunction<Association> open) throws Exception {
    var associations = new ArrayList<Association>();
    for (int i = 0; i < count; i++) {
      associations.add(open.apply(i).start());
    }
    for (Association association : associations) {
      association.connected();
      association.close();
    }
    assertEquals(count, server.counters().completed());
  }

  /// What a broken or hostile program on the same path might send.
  private static final class Garbage {
    private final Random random;

    Garbage(long seed) {
      random = new Random(seed);
    }

    /// Few enough that a flight of five with its garbage fits into the inbox.
    List<byte[]> around(byte[] datagram) {
      byte[] noise = new byte[1 + random.nextInt(200)];
      random.nextBytes(noise);
      byte[] framed = Records.record(20 + random.nextInt(6), random.nextInt(4), 99, noise);
      framed[13] |= (byte) 0x80; // no alert level and no handshake type that anyone knows
      noise[0] = (byte) (20 + random.nextInt(44)); // what demultiplexes as DTLS (RFC 7983 §7)
      var all =
          new ArrayList<>(
              List.of(
                  noise,
                  framed,
                  Records.record(20, 0, 98, (byte) 1), // ChangeCipherSpec at a wrong time
                  Records.record(23, 1, 97, new byte[40]), // does not decrypt
                  Records.record(23, 1, 96, new byte[10]), // cannot be decrypted
                  Arrays.copyOf(datagram, random.nextInt(datagram.length))));
      Collections.shuffle(all, random);
      return all.subList(0, 3);
    }
  }
}
