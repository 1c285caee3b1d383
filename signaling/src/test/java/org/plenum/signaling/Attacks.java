package org.plenum.signaling;

import static org.plenum.signaling.token.Forge.SECRET;
import static org.plenum.signaling.token.Forge.claims;
import static org.plenum.signaling.token.Forge.granting;
import static org.plenum.signaling.token.Forge.hs256;
import static org.plenum.signaling.token.Forge.json;
import static org.plenum.signaling.token.Forge.with;
import static org.plenum.signaling.token.Forge.without;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.plenum.signaling.config.ApiKey;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.token.Forge;

/// Tokens that must not let anybody into room `blue`, with what the refusal says.
final class Attacks {
  private static final byte[] KEY = SECRET.getBytes(StandardCharsets.UTF_8);
  private static final String HEADER = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";

  private Attacks() {}

  /// A server that knows the key `one`.
  static ServerConfig config() {
    return ServerConfig.forTests()
        .with(new ServerConfig.Auth(List.of(new ApiKey("one", SECRET)), "", 30, false));
  }

  static Stream<Arguments> table() {
    long now = Instant.now().getEpochSecond();
    String good = hs256(claims());
    String none = Forge.base64("{\"alg\":\"none\"}") + "." + Forge.base64(json(claims())) + ".";
    String twice = "{\"iss\":\"one\",\"exp\":%d,\"video\":{\"room\":\"red\",\"room\":\"blue\"}}";
    String deep = "{\"iss\":\"one\",\"a\":" + "[".repeat(100) + "]".repeat(100) + "}";
    return Stream.of(
        row("nonsense", "nonsense", "unauthorized", "no JWT"),
        row("five parts, encrypted", "a.b.c.d.e", "unauthorized", "no JWT"),
        row("alg none", none, "unauthorized", "alg must be one of"),
        row("alg None", none.replace("bm9uZSJ9", "Tm9uZSJ9"), "unauthorized", "token"),
        row("no signature", good.substring(0, good.lastIndexOf('.') + 1), "unauthorized", "wrong"),
        row("signed by another key", forged(HEADER, "x".repeat(32)), "unauthorized", "wrong"),
        row("claims changed", changed(good), "unauthorized", "signature is wrong"),
        row("HS512", forged("{\"alg\":\"HS512\"}", SECRET), "unauthorized", "alg must be one of"),
        row("RS256 for a secret", forged("{\"alg\":\"RS256\"}", SECRET), "unauthorized", "HS256"),
        row("alg a number", forged("{\"alg\":1}", SECRET), "unauthorized", "alg must be a string"),
        row(
            "wrong kid",
            forged("{\"alg\":\"HS256\",\"kid\":\"x\"}", SECRET),
            "unauthorized",
            "key"),
        row(
            "kid a path",
            forged("{\"alg\":\"HS256\",\"kid\":\"../../dev/null\"}", ""),
            "unauthorized",
            "not known"),
        row(
            "key in the token itself",
            forged("{\"alg\":\"HS256\",\"kid\":\"me\",\"jwk\":{\"kty\":\"oct\"}}", "x".repeat(32)),
            "unauthorized",
            "not known"),
        row("crit", forged("{\"alg\":\"HS256\",\"crit\":[\"x\"]}", SECRET), "unauthorized", "ext"),
        row("wrong issuer", hs256(with("iss", "two")), "unauthorized", "not known"),
        row("no key named", hs256(without("iss")), "unauthorized", "names no key"),
        row("expired", hs256(with("exp", now - 60)), "unauthorized", "expired at"),
        row("never expires", hs256(without("exp")), "unauthorized", "never expires"),
        row("exp a string", hs256(with("exp", "tomorrow")), "unauthorized", "exp must be"),
        row("exp beyond time", hs256(with("exp", 1e300)), "unauthorized", "exp must be"),
        row("not yet valid", hs256(with("nbf", now + 600)), "unauthorized", "not valid before"),
        row("no grants", hs256(without("video")), "unauthorized", "grants nothing"),
        row("grants of a wrong type", hs256(with("video", List.of())), "unauthorized", "video"),
        row("huge", hs256(with("x", "x".repeat(9_000))), "unauthorized", "more than 8192"),
        row("duplicate keys", raw(twice.formatted(now + 60)), "unauthorized", "Duplicate"),
        row("deep nesting", raw(deep), "unauthorized", "nesting"),
        row("name too long", hs256(with("name", "x".repeat(65))), "unauthorized", "at most 64"),
        row("control in the name", hs256(with("name", "a\u0000b")), "unauthorized", "control"),
        row("join as a string", grants("roomJoin", "true"), "unauthorized", "true or false"),
        row("unknown source", source("desktop"), "unauthorized", "canPublishSources"),
        row("no roomJoin", grants("roomJoin", false), "forbidden", "roomJoin"),
        row("admin only", grants("roomAdmin", true), "forbidden", "roomJoin"),
        row("another room", hs256(room("red")), "forbidden", "another room"),
        row("no room", hs256(granting("roomJoin", true)), "forbidden", "another room"),
        row("empty room", hs256(room("")), "forbidden", "another room"));
  }

  private static Arguments row(String name, String token, String code, String message) {
    return Arguments.of(name, token, code, message);
  }

  private static String grants(String name, Object value) {
    return hs256(granting("room", "blue", name, value));
  }

  private static String source(String name) {
    return hs256(granting("room", "blue", "roomJoin", true, "canPublishSources", List.of(name)));
  }

  private static Map<String, Object> room(String name) {
    return granting("room", name, "roomJoin", true);
  }

  private static String forged(String header, String secret) {
    byte[] key = secret.isEmpty() ? new byte[1] : secret.getBytes(StandardCharsets.UTF_8);
    return Forge.hs256(header, json(claims()), key);
  }

  private static String raw(String claims) {
    return Forge.hs256(HEADER, claims, KEY);
  }

  private static String changed(String token) {
    String[] parts = token.split("\\.");
    return parts[0] + "." + Forge.base64(json(with("sub", "eve"))) + "." + parts[2];
  }
}
