package org.plenum.ice.turn;

import static org.plenum.ice.agent.StunFraming.ATTRIBUTE_HEADER_BYTES;
import static org.plenum.ice.agent.StunFraming.HEADER_BYTES;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ice4j.attribute.Attribute;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.agent.StunFraming;
import org.plenum.ice.agent.StunIntegrity;

/// A request as it came, framing and FINGERPRINT checked: a copy. Attributes behind
/// MESSAGE-INTEGRITY do not count (RFC 8489 §14.5).
final class TurnRequest {
  /// Longer ones are nobody's: browsers' have 200 bytes.
  static final int MAX_BYTES = 1_024;

  private static final int FIRST_COMPREHENSION_OPTIONAL = 0x8000;
  private static final int NO_INTEGRITY = -1;

  private final byte[] bytes;
  private final MemorySegment message;
  private final int integrityAt;

  /// Where the attributes end that count.
  private final int end;

  private TurnRequest(byte[] bytes) {
    this.bytes = bytes;
    this.message = MemorySegment.ofArray(bytes);
    int at = StunFraming.find(message, 0, bytes.length, Attribute.MESSAGE_INTEGRITY);
    boolean whole =
        at >= 0 && StunFraming.valueLength(message, 0, at) == StunIntegrity.INTEGRITY_BYTES;
    this.integrityAt = whole ? at : NO_INTEGRITY;
    this.end = whole ? at : bytes.length;
  }

  /// Null if it is no STUN message. Never throws on hostile bytes.
  static @Nullable TurnRequest read(MemorySegment slab, long offset, int length) {
    if (length > MAX_BYTES || !StunFraming.isWellFormed(slab, offset, length)) {
      return null;
    }
    byte[] bytes = slab.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
    return StunIntegrity.hasGoodFingerprint(bytes, length) ? new TurnRequest(bytes) : null;
  }

  int lengthBytes() {
    return bytes.length;
  }

  /// Method and class (RFC 8489 §5).
  int type() {
    return StunFraming.type(message, 0);
  }

  byte[] transactionId() {
    return Arrays.copyOfRange(bytes, HEADER_BYTES - 12, HEADER_BYTES);
  }

  boolean hasIntegrity() {
    return integrityAt != NO_INTEGRITY;
  }

  /// Whether MESSAGE-INTEGRITY, which there is, is right under this key.
  boolean isFrom(StunIntegrity integrity) {
    return integrity.verify(bytes, integrityAt);
  }

  boolean hasFingerprint() {
    return StunFraming.find(message, 0, bytes.length, Attribute.FINGERPRINT) >= 0;
  }

  boolean has(char attribute) {
    return StunFraming.find(message, 0, end, attribute) >= 0;
  }

  @Nullable TurnUsername username() {
    return TurnUsername.in(message, 0, end);
  }

  /// The value of an attribute; empty if there is none.
  byte[] value(char attribute) {
    int at = StunFraming.find(message, 0, end, attribute);
    if (at < 0) {
      return new byte[0];
    }
    int from = at + ATTRIBUTE_HEADER_BYTES;
    return Arrays.copyOfRange(bytes, from, from + StunFraming.valueLength(message, 0, at));
  }

  /// The value of an attribute of four bytes, unsigned; -1 if there is none of that length.
  long u32(char attribute) {
    byte[] value = value(attribute);
    return value.length == Integer.BYTES ? ByteBuffer.wrap(value).getInt() & 0xFFFF_FFFFL : -1;
  }

  /// All XOR-PEER-ADDRESS attributes; null if one is malformed or there are more than `max`.
  @Nullable List<PeerAddress> peers(int max) {
    List<PeerAddress> peers = new ArrayList<>();
    for (int at = HEADER_BYTES; at < end; at = StunFraming.next(message, 0, at)) {
      if (StunFraming.u16(message, at) == Attribute.XOR_PEER_ADDRESS) {
        PeerAddress peer = PeerAddress.at(message, 0, at);
        if (peer == null || peers.size() == max) {
          return null;
        }
        peers.add(peer);
      }
    }
    return peers;
  }

  /// The comprehension-required attributes that this server does not do what they ask for
  /// (RFC 8489 §14), at most `max`: EVEN-PORT, RESERVATION-TOKEN and DONT-FRAGMENT are among them.
  List<Integer> unknown(int max) {
    List<Integer> unknown = new ArrayList<>();
    for (int at = HEADER_BYTES; at < end; at = StunFraming.next(message, 0, at)) {
      int type = StunFraming.u16(message, at);
      if (type < FIRST_COMPREHENSION_OPTIONAL
          && !isUnderstood((char) type)
          && unknown.size() < max
          && !unknown.contains(type)) {
        unknown.add(type);
      }
    }
    return unknown;
  }

  static boolean isUnderstood(char type) {
    return switch (type) {
      case Attribute.USERNAME,
          Attribute.MESSAGE_INTEGRITY,
          Attribute.REALM,
          Attribute.NONCE,
          Attribute.CHANNEL_NUMBER,
          Attribute.LIFETIME,
          Attribute.XOR_PEER_ADDRESS,
          Attribute.DATA,
          Attribute.REQUESTED_ADDRESS_FAMILY,
          Attribute.REQUESTED_TRANSPORT,
          // Known, and without meaning in a request: ignored (RFC 8489 §6.3).
          Attribute.MAPPED_ADDRESS,
          Attribute.XOR_MAPPED_ADDRESS,
          Attribute.XOR_RELAYED_ADDRESS,
          Attribute.ERROR_CODE,
          Attribute.UNKNOWN_ATTRIBUTES ->
          true;
      default -> false;
    };
  }
}
