package org.plenum.signaling.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.plenum.signaling.http.LoopbackHttps;

/// A JWK Set behind HTTPS, fetched for real.
class PublicKeysOverHttpsTest {
  private static KeyPair old;
  private static KeyPair fresh;

  private LoopbackHttps server;
  private TokenVerifier verifier;

  @BeforeAll
  static void makeKeys() throws Exception {
    KeyPairGenerator keys = KeyPairGenerator.getInstance("RSA");
    keys.initialize(2048);
    old = keys.generateKeyPair();
    fresh = keys.generateKeyPair();
  }

  @BeforeEach
  void start() throws Exception {
    server = new LoopbackHttps();
    server.answer(200, set(key("old", old)));
    verifier = verifier(server.trust());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void fetchesTheKeysOnce() {
    for (int i = 0; i < 20; i++) {
      assertEquals("ann", verifier.verify(token("old", old)).identity());
    }
    assertEquals(1, server.requests());
  }

  @Test
  void takesANewKeyAtOnceAndBothDuringARotation() {
    verifier.verify(token("old", old));
    server.answer(200, set(key("old", old), key("fresh", fresh)));
    verifier.verify(token("fresh", fresh));
    verifier.verify(token("old", old));
    assertEquals(2, server.requests());
  }

  @Test
  void refusesTheOldKeyAfterARotation() {
    verifier.verify(token("old", old));
    server.answer(200, set(key("fresh", fresh)));
    verifier.verify(token("fresh", fresh));
    refused(AccessException.Kind.UNAUTHORIZED, token("old", old), "not known here");
  }

  @Test
  void aKeyOfAnotherPairUnderTheSameIdIsWrong() {
    refused(AccessException.Kind.UNAUTHORIZED, token("old", fresh), "signature is wrong");
  }

  @Test
  void anUnknownKeyIdIsTheTokensFaultHoweverOftenItComes() {
    verifier.verify(token("old", old));
    for (int i = 0; i < 20; i++) {
      refused(AccessException.Kind.UNAUTHORIZED, token("x" + i, old), "not known here");
    }
    verifier.verify(token("old", old));
    assertTrue(server.requests() <= 2, "fetched " + server.requests() + " times");
  }

  @Test
  void theKeysLastKnownServeWhileTheirSourceIsAway() {
    verifier.verify(token("old", old));
    server.answer(500, "");
    refused(AccessException.Kind.UNAUTHORIZED, token("fresh", fresh), "not known here");
    verifier.verify(token("old", old));
  }

  @Test
  void aCertificateThatNobodyVouchesForIsNotBelieved() {
    verifier = verifier(null);
    unavailable();
    assertEquals(0, server.requests());
  }

  @ParameterizedTest
  @CsvSource({"500, ''", "404, {}", "200, nonsense", "200, []"})
  void aServerWithoutAKeySetIsNotTheTokensFault(int status, String text) {
    server.answer(status, text);
    for (int i = 0; i < 5; i++) {
      unavailable();
    }
    assertTrue(server.requests() <= 2, "fetched " + server.requests() + " times");
  }

  @Test
  void doesNotReadWithoutEnd() {
    server.answer(200, set(key("old", old)) + " ".repeat(300_000));
    unavailable();
  }

  private void unavailable() {
    refused(AccessException.Kind.UNAVAILABLE, token("old", old), "cannot be had now");
  }

  private void refused(AccessException.Kind kind, String token, String message) {
    var refusal = assertThrows(AccessException.class, () -> verifier.verify(token));
    assertEquals(kind, refusal.kind(), refusal.getMessage());
    assertTrue(refusal.getMessage().contains(message), refusal.getMessage());
  }

  private TokenVerifier verifier(SSLSocketFactory trust) {
    PublicKeys keys = PublicKeys.at(server.url("/jwks.json"), trust);
    return new TokenVerifier(List.of(keys), 30, InstantSource.system());
  }

  private static String token(String kid, KeyPair pair) {
    String header = "{\"alg\":\"RS256\",\"kid\":\"%s\"}".formatted(kid);
    return Forge.signed(header, Forge.claims(), "SHA256withRSA", pair.getPrivate());
  }

  private static JWK key(String kid, KeyPair pair) {
    return new RSAKey.Builder((RSAPublicKey) pair.getPublic()).keyID(kid).build();
  }

  private static String set(JWK... keys) {
    return new JWKSet(Arrays.asList(keys)).toString();
  }
}
