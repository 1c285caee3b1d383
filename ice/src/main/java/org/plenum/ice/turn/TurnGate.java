package org.plenum.ice.turn;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.ice4j.attribute.Attribute;
import org.ice4j.attribute.ErrorCodeAttribute;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.agent.StunIntegrity;

/// Long-term credentials (RFC 8489 §9.2.4). Owned by one thread.
final class TurnGate {
  private static final byte[] REALM = TurnSecret.REALM.getBytes(StandardCharsets.US_ASCII);

  private final TurnSecret secret;
  private final Nonces nonces;
  private final Allocations allocations;

  /// Who sent a request, or why it is not known.
  ///
  /// @param error 0, or the code to answer
  record Sender(int error, @Nullable TurnUsername user, @Nullable StunIntegrity integrity) {}

  TurnGate(TurnSecret secret, Allocations allocations) {
    this.secret = secret;
    this.nonces = new Nonces(secret);
    this.allocations = allocations;
  }

  /// A nonce for whoever is at the other end of the path.
  byte[] nonce(NetworkPath path, long nowNanos) {
    return nonces.make(path, nowNanos);
  }

  /// Whether the request is from the one who has this relay, and the nonce is good: costs no new
  /// key.
  boolean isOwner(TurnRequest request, Allocation held, NetworkPath path, long nowNanos) {
    TurnUsername user = request.hasIntegrity() ? request.username() : null;
    return user != null
        && user.equals(held.user)
        && Arrays.equals(request.value(Attribute.REALM), REALM)
        && nonces.isValid(request.value(Attribute.NONCE), path, nowNanos)
        && request.isFrom(held.integrity);
  }

  /// @param epochSeconds seconds since 1970
  Sender check(TurnRequest request, NetworkPath path, long nowNanos, long epochSeconds) {
    if (!request.hasIntegrity()) {
      return refused(ErrorCodeAttribute.UNAUTHORIZED);
    }
    if (!request.has(Attribute.USERNAME)
        || !request.has(Attribute.REALM)
        || !request.has(Attribute.NONCE)) {
      return refused(ErrorCodeAttribute.BAD_REQUEST);
    }
    if (!nonces.isValid(request.value(Attribute.NONCE), path, nowNanos)) {
      return refused(ErrorCodeAttribute.STALE_NONCE);
    }
    TurnUsername user = request.username();
    if (user == null
        || user.expirySeconds() <= epochSeconds
        || !allocations.isAdmitted(user.identity())
        || !Arrays.equals(request.value(Attribute.REALM), REALM)) {
      return refused(ErrorCodeAttribute.UNAUTHORIZED);
    }
    StunIntegrity integrity = new StunIntegrity(secret.key(user.text()));
    return request.isFrom(integrity)
        ? new Sender(0, user, integrity)
        : refused(ErrorCodeAttribute.UNAUTHORIZED);
  }

  private static Sender refused(int code) {
    return new Sender(code, null, null);
  }
}
