package org.plenum.ice.agent;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.ice4j.attribute.Attribute;
import org.ice4j.message.Message;
import org.jspecify.annotations.Nullable;

/// Asks a STUN server for the address that a NAT maps ours to (RFC 8489 §2). No socket, thread or
/// clock of its own.
public final class StunQuery {
  private static final int TRANSACTION_ID_BYTES = 12;
  private static final int FAMILY = 1;
  private static final int PORT = 2;
  private static final int ADDRESS = 4;
  private static final int IPV4_VALUE_BYTES = 8;
  private static final int IPV6_VALUE_BYTES = 20;
  private static final int IPV4_FAMILY = 1;
  private static final int IPV6_FAMILY = 2;

  private final byte[] request;

  /// @param random good enough that nobody off the path can guess the transaction id
  public StunQuery(RandomGenerator random) {
    byte[] transactionId = new byte[TRANSACTION_ID_BYTES];
    random.nextBytes(transactionId);
    request = message(Message.BINDING_REQUEST, transactionId);
  }

  /// The request; the same one is sent again if there is no answer in time.
  public byte[] request() {
    return request.clone();
  }

  /// A Binding indication (RFC 8489 §6.1), which nobody answers: keeps a mapping open.
  public static byte[] keepAlive(RandomGenerator random) {
    byte[] transactionId = new byte[TRANSACTION_ID_BYTES];
    random.nextBytes(transactionId);
    return message(Message.BINDING_INDICATION, transactionId);
  }

  /// The address that this datagram tells us, or null if it is no success response to this query.
  ///
  /// @param bytes the slab
  /// @param offset where the datagram starts
  /// @param length its bytes
  public @Nullable InetSocketAddress mappedAddress(MemorySegment bytes, long offset, int length) {
    if (!StunFraming.isWellFormed(bytes, offset, length)
        || StunFraming.type(bytes, offset) != Message.BINDING_SUCCESS_RESPONSE) {
      return null;
    }
    byte[] message = bytes.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
    int id = StunFraming.HEADER_BYTES - TRANSACTION_ID_BYTES;
    boolean ours =
        Arrays.equals(message, id, StunFraming.HEADER_BYTES, request, id, StunFraming.HEADER_BYTES);
    int at = StunFraming.find(bytes, offset, length, Attribute.XOR_MAPPED_ADDRESS);
    if (!ours || at < 0 || !StunIntegrity.hasGoodFingerprint(message, length)) {
      return null;
    }
    int valueBytes = StunFraming.valueLength(bytes, offset, at);
    return address(message, at + StunFraming.ATTRIBUTE_HEADER_BYTES, valueBytes);
  }

  private static @Nullable InetSocketAddress address(byte[] message, int value, int valueBytes) {
    boolean ipv4 = valueBytes == IPV4_VALUE_BYTES && message[value + FAMILY] == IPV4_FAMILY;
    boolean ipv6 = valueBytes == IPV6_VALUE_BYTES && message[value + FAMILY] == IPV6_FAMILY;
    if (!ipv4 && !ipv6) {
      return null;
    }
    // Both are XORed with what stands from the magic cookie on (RFC 8489 §14.2).
    byte[] address = Arrays.copyOfRange(message, value + ADDRESS, value + valueBytes);
    for (int i = 0; i < address.length; i++) {
      address[i] ^= message[4 + i];
    }
    int port = ByteBuffer.wrap(message).getChar(value + PORT) ^ ByteBuffer.wrap(message).getChar(4);
    try {
      return new InetSocketAddress(InetAddress.getByAddress(address), port);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address has 4 or 16 bytes", e);
    }
  }

  private static byte[] message(char type, byte[] transactionId) {
    return ByteBuffer.allocate(StunFraming.HEADER_BYTES)
        .putChar(type)
        .putChar((char) 0)
        .put(Message.MAGIC_COOKIE)
        .put(transactionId)
        .array();
  }
}
