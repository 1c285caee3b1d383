package org.plenum.bench.client;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.ice4j.attribute.Attribute;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.agent.StunFraming;
import org.plenum.ice.agent.StunIntegrity;

/// Answers the Binding requests of a full agent, which checks the way to its client too (RFC 8445
/// §7.3). Owned by the loop.
final class CheckAnswer {
  private static final int COOKIE = 0x2112_A442;
  private static final int BINDING_REQUEST = 0x0001;
  private static final char BINDING_SUCCESS = 0x0101;
  private static final char XOR_MAPPED_ADDRESS = 0x0020;
  private static final int IPV4_BYTES = 8;
  private static final int TRANSACTION_ID_AT = 8;

  private final StunIntegrity integrity;

  /// @param password of the client's own
  CheckAnswer(String password) {
    integrity = new StunIntegrity(password.getBytes(StandardCharsets.UTF_8));
  }

  /// The response; null if it is no authentic Binding request, or did not come over IPv4.
  byte @Nullable [] to(byte[] request, NetworkPath from) {
    MemorySegment message = MemorySegment.ofArray(request);
    if (!from.isIpv4()
        || !StunFraming.isWellFormed(message, 0, request.length)
        || StunFraming.type(message, 0) != BINDING_REQUEST) {
      return null;
    }
    int at = StunFraming.find(message, 0, request.length, Attribute.MESSAGE_INTEGRITY);
    boolean authentic =
        at >= 0
            && StunFraming.valueLength(message, 0, at) == StunIntegrity.INTEGRITY_BYTES
            && integrity.verify(request, at);
    return authentic ? success(request, from) : null;
  }

  private byte[] success(byte[] request, NetworkPath from) {
    int header = StunFraming.ATTRIBUTE_HEADER_BYTES;
    int integrityAt = StunFraming.HEADER_BYTES + header + IPV4_BYTES;
    int fingerprintAt = integrityAt + header + StunIntegrity.INTEGRITY_BYTES;
    int length = fingerprintAt + header + StunIntegrity.FINGERPRINT_BYTES;
    ByteBuffer response = ByteBuffer.allocate(length);
    response.putChar(BINDING_SUCCESS);
    response.putChar((char) (length - StunFraming.HEADER_BYTES));
    response.putInt(COOKIE);
    response.put(request, TRANSACTION_ID_AT, StunFraming.HEADER_BYTES - TRANSACTION_ID_AT);
    response.putChar(XOR_MAPPED_ADDRESS).putChar((char) IPV4_BYTES);
    response.putChar((char) 1); // IPv4 (RFC 8489 §14.1)
    response.putChar((char) (from.remotePort() ^ COOKIE >>> 16));
    response.putInt((int) from.remoteLow() ^ COOKIE);
    response.putChar(Attribute.MESSAGE_INTEGRITY).putChar((char) StunIntegrity.INTEGRITY_BYTES);
    response.put(integrity.compute(response.array(), integrityAt));
    response.putChar(Attribute.FINGERPRINT).putChar((char) StunIntegrity.FINGERPRINT_BYTES);
    response.putInt(StunIntegrity.fingerprint(response.array(), fingerprintAt));
    return response.array();
  }
}
