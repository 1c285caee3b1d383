package org.plenum.signaling.token;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Makes tokens by hand, wrong ones too, without the library that checks them.
public final class Forge {
  public static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final JsonMapper MAPPER = new JsonMapper();

  private Forge() {}

  /// Claims of a token of key `one` that lets into room `blue` for an hour.
  public static Map<String, Object> claims() {
    Map<String, Object> claims = new LinkedHashMap<>();
    long now = Instant.now().getEpochSecond();
    claims.put("iss", "one");
    claims.put("sub", "ann");
    claims.put("exp", now + 3600);
    claims.put("video", Map.of("room", "blue", "roomJoin", true));
    return claims;
  }

  public static Map<String, Object> with(String name, Object value) {
    Map<String, Object> claims = claims();
    claims.put(name, value);
    return claims;
  }

  public static Map<String, Object> without(String name) {
    Map<String, Object> claims = claims();
    claims.remove(name);
    return claims;
  }

  public static Map<String, Object> granting(Object... grants) {
    Map<String, Object> video = new LinkedHashMap<>();
    for (int i = 0; i < grants.length; i += 2) {
      video.put((String) grants[i], grants[i + 1]);
    }
    return with("video", video);
  }

  public static String hs256(Map<String, Object> claims) {
    return hs256(
        "{\"alg\":\"HS256\",\"typ\":\"JWT\"}",
        json(claims),
        SECRET.getBytes(StandardCharsets.UTF_8));
  }

  public static String hs256(String header, String claims, byte[] secret) {
    String input = base64(header) + "." + base64(claims);
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      return input + "." + base64(mac.doFinal(input.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// @param jdkAlgorithm such as SHA256withRSA
  public static String signed(
      String header, Map<String, Object> claims, String jdkAlgorithm, PrivateKey key) {
    String input = base64(header) + "." + base64(json(claims));
    try {
      Signature signature = Signature.getInstance(jdkAlgorithm);
      signature.initSign(key);
      signature.update(input.getBytes(StandardCharsets.US_ASCII));
      return input + "." + base64(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public static String json(Object value) {
    return MAPPER.valueToTree(value).toString();
  }

  public static String base64(String text) {
    return base64(text.getBytes(StandardCharsets.UTF_8));
  }

  public static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
