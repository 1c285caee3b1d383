package org.plenum.signaling.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.config.ApiKey;
import org.plenum.signaling.config.ServerConfig;

class PublicKeysTest {
  private static final RoomId BLUE = new RoomId("blue");
  private static KeyPair rsa;
  private static KeyPair ec;
  private static KeyPair edwards;

  @TempDir private Path directory;
  private Path file;
  private Access access;

  @BeforeAll
  static void makeKeys() throws Exception {
    KeyPairGenerator rsaKeys = KeyPairGenerator.getInstance("RSA");
    rsaKeys.initialize(2048);
    rsa = rsaKeys.generateKeyPair();
    KeyPairGenerator ecKeys = KeyPairGenerator.getInstance("EC");
    ecKeys.initialize(new ECGenParameterSpec("secp256r1"));
    ec = ecKeys.generateKeyPair();
    edwards = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
  }

  @BeforeEach
  void openAccess() throws Exception {
    file = directory.resolve("keys.json");
    write(rsaKey("r"), ecKey("e"), edwardsKey("ed"), secretKey("s"));
    access = access(List.of(new ApiKey("one", Forge.SECRET)));
  }

  @Test
  void takesRs256Es256AndEdDsa() {
    for (String token : List.of(rs256("r"), es256("e"), edDsa("ed"))) {
      assertEquals("ann", access.admit(token, BLUE).identity());
    }
    assertEquals("ann", access.admit(Forge.hs256(Forge.claims()), BLUE).identity());
  }

  @Test
  void aPublicKeyIsNoSecret() {
    for (byte[] confused :
        List.of(rsa.getPublic().getEncoded(), pem(rsa).getBytes(StandardCharsets.US_ASCII))) {
      refused(
          Forge.hs256(header("HS256", "r"), Forge.json(Forge.claims()), confused),
          "must be that of its key, RS256, not HS256");
    }
  }

  @Test
  void eachKeyIsForOneAlgorithm() {
    refused(rs256("e"), "must be that of its key, ES256, not RS256");
    refused(es256("ed"), "must be that of its key, EdDSA, not ES256");
    refused(edDsa("r"), "must be that of its key, RS256, not EdDSA");
    refused(rs256("one"), "must be that of its key, HS256, not RS256");
    refused(
        Forge.hs256(header("HS256", "s"), Forge.json(Forge.claims()), "x".repeat(32).getBytes()),
        "not known here");
  }

  @Test
  void aTamperedSignatureIsWrong() {
    for (String token : List.of(rs256("r"), es256("e"), edDsa("ed"))) {
      String[] parts = token.split("\\.");
      byte[] claims = Forge.json(Forge.with("sub", "eve")).getBytes(StandardCharsets.UTF_8);
      refused(parts[0] + "." + Forge.base64(claims) + "." + parts[2], "signature is wrong");
      refused(parts[0] + "." + parts[1] + ".AAAA", "signature is wrong");
      refused(parts[0] + "." + parts[1] + ".", "signature is wrong");
    }
    // An all-zero ECDSA signature (CVE-2022-21449).
    String[] parts = es256("e").split("\\.");
    refused(parts[0] + "." + parts[1] + "." + Forge.base64(new byte[64]), "signature is wrong");
  }

  @Test
  void readsTheFileAgainWhenItChanges() throws Exception {
    refused(rs256("new"), "not known here");
    write(rsaKey("new"));
    Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis() + 5_000));
    access.admit(rs256("new"), BLUE);
    refused(rs256("r"), "not known here");
    Files.writeString(file, "nonsense");
    access.admit(rs256("new"), BLUE);
    Files.delete(file);
    access.admit(rs256("new"), BLUE);
  }

  @Test
  void ignoresKeysThatAreTooShortOrForSomethingElse() throws Exception {
    KeyPairGenerator weak = KeyPairGenerator.getInstance("RSA");
    weak.initialize(1024);
    KeyPair pair = weak.generateKeyPair();
    write(
        new RSAKey.Builder((RSAPublicKey) pair.getPublic()).keyID("weak").build(),
        new RSAKey.Builder((RSAPublicKey) rsa.getPublic())
            .keyID("enc")
            .keyUse(com.nimbusds.jose.jwk.KeyUse.ENCRYPTION)
            .build(),
        new RSAKey.Builder((RSAPublicKey) rsa.getPublic())
            .keyID("ps")
            .algorithm(com.nimbusds.jose.JWSAlgorithm.PS256)
            .build());
    access = access(List.of());
    refused(
        Forge.signed(header("RS256", "weak"), Forge.claims(), "SHA256withRSA", pair.getPrivate()),
        "not known here");
    refused(rs256("enc"), "not known here");
    refused(rs256("ps"), "not known here");
  }

  @Test
  void aKeySetThatCannotBeFetchedIsNotTheTokensFault() {
    var auth =
        new ServerConfig.Auth(
            List.of(new ApiKey("one", Forge.SECRET)), "https://127.0.0.1:1/keys", 30, false);
    Access away = Access.of(auth, null, InstantSource.system());
    var refusal = assertThrows(AccessException.class, () -> away.admit(rs256("r"), BLUE));
    assertEquals(AccessException.Kind.UNAVAILABLE, refusal.kind());
    away.admit(Forge.hs256(Forge.claims()), BLUE);
  }

  @Test
  void saysInOneSentenceThatThereIsNoKeySet() throws Exception {
    for (String content : List.of("", "[]", "{\"keys\":7}")) {
      Files.writeString(file, content);
      var failure = assertThrows(IllegalStateException.class, () -> access(List.of()));
      assertTrue(failure.getMessage().startsWith("auth.jwks: no key set in"), content);
    }
  }

  private Access access(List<ApiKey> keys) {
    return Access.of(
        new ServerConfig.Auth(keys, file.toString(), 30, false), null, InstantSource.system());
  }

  private void refused(String token, String message) {
    var refusal = assertThrows(AccessException.class, () -> access.admit(token, BLUE));
    assertEquals(AccessException.Kind.UNAUTHORIZED, refusal.kind());
    assertTrue(refusal.getMessage().contains(message), refusal.getMessage());
  }

  private void write(JWK... keys) throws Exception {
    // With private parts and secrets, should there be any: nothing may depend on their absence.
    Files.writeString(file, new JWKSet(List.of(keys)).toString(false));
  }

  private static String rs256(String kid) {
    return Forge.signed(header("RS256", kid), Forge.claims(), "SHA256withRSA", rsa.getPrivate());
  }

  private static String es256(String kid) {
    return Forge.signed(
        header("ES256", kid), Forge.claims(), "SHA256withECDSAinP1363Format", ec.getPrivate());
  }

  private static String edDsa(String kid) {
    return Forge.signed(header("EdDSA", kid), Forge.claims(), "Ed25519", edwards.getPrivate());
  }

  private static String header(String algorithm, String kid) {
    return "{\"alg\":\"%s\",\"kid\":\"%s\"}".formatted(algorithm, kid);
  }

  private static RSAKey rsaKey(String kid) {
    return new RSAKey.Builder((RSAPublicKey) rsa.getPublic()).keyID(kid).build();
  }

  private static ECKey ecKey(String kid) {
    return new ECKey.Builder(Curve.P_256, (ECPublicKey) ec.getPublic()).keyID(kid).build();
  }

  private static OctetKeyPair edwardsKey(String kid) {
    byte[] der = edwards.getPublic().getEncoded();
    byte[] x = Arrays.copyOfRange(der, der.length - 32, der.length);
    return new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(x)).keyID(kid).build();
  }

  private static OctetSequenceKey secretKey(String kid) {
    return new OctetSequenceKey.Builder("x".repeat(32).getBytes(StandardCharsets.UTF_8))
        .keyID(kid)
        .build();
  }

  private static String pem(KeyPair pair) {
    return "-----BEGIN PUBLIC KEY-----\n"
        + java.util.Base64.getMimeEncoder().encodeToString(pair.getPublic().getEncoded())
        + "\n-----END PUBLIC KEY-----\n";
  }
}
