package org.plenum.sfu.dtls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.plenum.sfu.srtp.SrtpKeys;
import org.plenum.sfu.srtp.SrtpProfile;

@Timeout(30)
class DtlsHandshakeTest {
  private static final DtlsCertificate CERTIFICATE = DtlsCertificate.generate();
  private static final int GCM = SrtpProfile.AEAD_AES_128_GCM.id();
  private static final int CM = SrtpProfile.AES_CM_128_HMAC_SHA1_80.id();

  private final DtlsServer server =
      new DtlsServer(
          CERTIFICATE, new DtlsLimits(4, 1024, Duration.ofSeconds(10), Duration.ofSeconds(10), 40));

  @AfterEach
  void closeServer() {
    server.close();
  }

  @ParameterizedTest
  @EnumSource(SrtpProfile.class)
  void bothEndsGetTheSameKeys(SrtpProfile profile) throws Exception {
    try (var association = new Association(server, 1, 0, 0, profile.id()).start()) {
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
    try (var association = new Association(server, 1, 0, 0, CM, 8, GCM).start()) {
      assertEquals(SrtpProfile.AEAD_AES_128_GCM, association.connected().profile());
    }
  }

  @Test
  void completesAtTenPercentLoss() throws Exception {
    var associations = new ArrayList<Association>();
    for (int seed = 0; seed < 20; seed++) {
      associations.add(new Association(server, seed, 0.1, 0.1, GCM, CM).start());
    }
    for (Association association : associations) {
      association.connected();
      association.close();
    }
    assertEquals(20, server.counters().completed());
  }

  @Test
  void fiftyHandshakesAtOnce() throws Exception {
    var associations = new ArrayList<Association>();
    for (int i = 0; i < 50; i++) {
      associations.add(new Association(server, i, 0, 0, GCM).start());
    }
    for (Association association : associations) {
      association.connected();
      association.close();
    }
    assertEquals(50, server.counters().completed());
  }

  @Test
  void refusesAnotherCertificate() throws Exception {
    var other = CERTIFICATE.fingerprint();
    try (var association = new Association(server, other, 1, 0, 0, GCM).start()) {
      assertEquals(
          DtlsFailure.FINGERPRINT_MISMATCH, association.listener.failed.get(8, TimeUnit.SECONDS));
      assertFalse(association.listener.keys.isDone());
      assertEquals(1, server.counters().failed(DtlsFailure.FINGERPRINT_MISMATCH));
    }
  }

  @Test
  void refusesAnOfferWithoutOurProfiles() throws Exception {
    try (var association = new Association(server, 1, 0, 0, 8, 2).start()) {
      assertEquals(
          DtlsFailure.NO_COMMON_SRTP_PROFILE, association.listener.failed.get(8, TimeUnit.SECONDS));
    }
  }

  @Test
  void refusesAClientWithoutSrtp() throws Exception {
    try (var association = new Association(server, 1, 0, 0).start()) {
      assertEquals(
          DtlsFailure.NO_COMMON_SRTP_PROFILE, association.listener.failed.get(8, TimeUnit.SECONDS));
    }
  }

  @Test
  void noDatagramIsOver1200Bytes() throws Exception {
    try (var association = new Association(server, 1, 0, 0, GCM).start()) {
      association.connected();
      assertTrue(association.listener.sent.stream().allMatch(sent -> sent.length <= 1200));
      assertTrue(association.listener.sent.size() >= 2);
    }
  }
}
