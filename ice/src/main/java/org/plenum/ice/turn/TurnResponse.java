package org.plenum.ice.turn;

import static org.plenum.ice.agent.StunFraming.ATTRIBUTE_HEADER_BYTES;
import static org.plenum.ice.agent.StunFraming.HEADER_BYTES;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.ice4j.attribute.Attribute;
import org.ice4j.attribute.ErrorCodeAttribute;
import org.ice4j.message.Message;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.agent.StunIntegrity;

/// Writes a response, attribute by attribute. Without SOFTWARE and reason phrases: nobody reads
/// them, and answers must not be longer than they have to be.
final class TurnResponse {
  private static final int SUCCESS = 0x0100;
  private static final int ERROR = 0x0110;
  private static final int MAX_BYTES = 256;
  private static final int MAGIC_COOKIE = 0x2112_A442;

  private final TurnRequest request;
  private final ByteBuffer message = ByteBuffer.allocate(MAX_BYTES);

  private TurnResponse(TurnRequest request, int cls) {
    this.request = request;
    message.putChar((char) (request.type() | cls)).putChar('\0').put(Message.MAGIC_COOKIE);
    message.put(request.transactionId());
  }

  static TurnResponse success(TurnRequest request) {
    return new TurnResponse(request, SUCCESS);
  }

  /// @param code as in RFC 8489 §14.8 and RFC 8656 §19
  static TurnResponse error(TurnRequest request, int code) {
    return new TurnResponse(request, ERROR).u32(Attribute.ERROR_CODE, code / 100 << 8 | code % 100);
  }

  /// The one that asks for credentials: 401, or 438 for others than before (RFC 8489 §9.2.4).
  static byte[] challenge(TurnRequest request, int code, byte[] nonce) {
    TurnResponse response = error(request, code);
    if (code == ErrorCodeAttribute.UNAUTHORIZED || code == ErrorCodeAttribute.STALE_NONCE) {
      response.bytes(Attribute.REALM, TurnSecret.REALM.getBytes(StandardCharsets.US_ASCII));
      response.bytes(Attribute.NONCE, nonce);
    }
    return response.close(null);
  }

  TurnResponse u32(char attribute, int value) {
    begin(attribute, Integer.BYTES);
    message.putInt(value);
    return this;
  }

  TurnResponse bytes(char attribute, byte[] value) {
    begin(attribute, value.length);
    message.put(value).position(message.position() + 3 & ~3);
    return this;
  }

  TurnResponse unknownAttributes(List<Integer> types) {
    begin(Attribute.UNKNOWN_ATTRIBUTES, Short.BYTES * types.size());
    types.forEach(type -> message.putShort(type.shortValue()));
    message.position(message.position() + 3 & ~3);
    return this;
  }

  /// An address XORed with what stands in the header (RFC 8489 §14.2).
  TurnResponse address(char attribute, long high, long low, int port) {
    boolean ipv4 = NetworkPath.isIpv4(high, low);
    begin(attribute, ipv4 ? 8 : 20);
    message.putShort((short) (ipv4 ? PeerAddress.IPV4 : PeerAddress.IPV6));
    message.putShort((short) (port ^ MAGIC_COOKIE >>> 16));
    if (ipv4) {
      message.putInt((int) low ^ MAGIC_COOKIE);
    } else {
      message.putLong(high ^ message.getLong(4)).putLong(low ^ message.getLong(12));
    }
    return this;
  }

  /// The whole message, with FINGERPRINT if the request had one.
  ///
  /// @param integrity null for one that nobody can check
  byte[] close(@Nullable StunIntegrity integrity) {
    if (integrity != null) {
      byte[] code = integrity.compute(message.array(), message.position());
      begin(Attribute.MESSAGE_INTEGRITY, StunIntegrity.INTEGRITY_BYTES);
      message.put(code);
    }
    boolean fingerprint = request.hasFingerprint();
    int more = fingerprint ? ATTRIBUTE_HEADER_BYTES + StunIntegrity.FINGERPRINT_BYTES : 0;
    message.putChar(2, (char) (message.position() - HEADER_BYTES + more));
    if (fingerprint) {
      int value = StunIntegrity.fingerprint(message.array(), message.position());
      begin(Attribute.FINGERPRINT, StunIntegrity.FINGERPRINT_BYTES);
      message.putInt(value);
    }
    return Arrays.copyOf(message.array(), message.position());
  }

  private void begin(char attribute, int length) {
    message.putChar(attribute).putChar((char) length);
  }
}
