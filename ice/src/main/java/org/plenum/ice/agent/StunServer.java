package org.plenum.ice.agent;

import static org.plenum.ice.agent.StunFraming.ATTRIBUTE_HEADER_BYTES;
import static org.plenum.ice.agent.StunFraming.HEADER_BYTES;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import org.ice4j.attribute.Attribute;
import org.ice4j.message.Message;
import org.plenum.ice.AnswerCredit;
import org.plenum.ice.NetworkPath;

/// A STUN server for whoever wants to know its address (RFC 8489 §2): answers Binding requests
/// without USERNAME; those with one are for an [IceLiteAgent]. No socket, thread or clock of its
/// own. Owned by one worker thread.
///
/// It is worth nothing as a reflector: requests are limited per source prefix ([StunRateLimit]), a
/// response carries neither SOFTWARE nor a reason phrase, and nobody is sent more bytes than came
/// from their prefix ([AnswerCredit]). The shortest request has 20, its answer 32 over IPv4 and 44
/// over IPv6, so that the second or third of a client of whom nothing else is known is answered.
public final class StunServer {
  /// Bytes of the longest response: an IPv6 address and FINGERPRINT.
  public static final int MAX_RESPONSE_BYTES = 52;

  /// What is to be done with a datagram.
  public enum Verdict {
    /// To be answered by [#respond].
    ANSWERED,
    /// No STUN message: bad length, magic cookie, attribute framing or FINGERPRINT.
    MALFORMED,
    /// Well-formed, but no Binding request without USERNAME.
    NOT_FOR_US,
    /// Too many from that source, or at all.
    RATE_LIMITED,
    /// Shorter than its answer, from where too little came before: to be answered when it is
    /// repeated.
    UNPAID
  }

  private static final int MAGIC_COOKIE = 0x2112_A442;
  private static final int TRANSACTION_ID = 8;
  private static final short IPV4_FAMILY = 1;
  private static final short IPV6_FAMILY = 2;

  /// Class and number of 420 (RFC 8489 §14.8).
  private static final int UNKNOWN_ATTRIBUTE = 4 << 8 | 20;

  /// No more than this are listed: a client that sends so many has to fix its request anyway.
  private static final int MAX_UNKNOWN = 4;

  private final StunRateLimit limit;
  private final AnswerCredit credit;
  private final byte[] request = new byte[IceLiteAgent.MAX_MESSAGE_BYTES];
  private final ByteBuffer response = ByteBuffer.allocate(MAX_RESPONSE_BYTES);
  private int requestLength;

  /// @param seed random, unknown to clients
  /// @param credit of everything that is answered by this thread
  public StunServer(long seed, long nowNanos, AnswerCredit credit) {
    this.limit = new StunRateLimit(seed, nowNanos);
    this.credit = credit;
  }

  /// Looks at a datagram. If it is to be answered, [#respond] must follow at once.
  ///
  /// @param bytes the slab
  /// @param offset where the datagram starts
  /// @param length its bytes
  /// @param remoteHigh where it came from, as in [NetworkPath]
  public Verdict onDatagram(
      MemorySegment bytes,
      long offset,
      int length,
      long remoteHigh,
      long remoteLow,
      int remotePort,
      long nowNanos) {
    if (length > request.length || !StunFraming.isWellFormed(bytes, offset, length)) {
      return Verdict.MALFORMED;
    }
    if (StunFraming.type(bytes, offset) != Message.BINDING_REQUEST
        || StunFraming.find(bytes, offset, length, Attribute.USERNAME) >= 0) {
      return Verdict.NOT_FOR_US;
    }
    if (!limit.tryAcquire(remoteHigh, remoteLow, nowNanos)) {
      return Verdict.RATE_LIMITED;
    }
    MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, offset, request, 0, length);
    requestLength = length;
    if (!StunIntegrity.hasGoodFingerprint(request, length)) {
      return Verdict.MALFORMED;
    }
    compose(remoteHigh, remoteLow, remotePort);
    return credit.pays(remoteHigh, remoteLow, length, response.position())
        ? Verdict.ANSWERED
        : Verdict.UNPAID;
  }

  /// Writes the response to the request that [#onDatagram] wants answered.
  ///
  /// @param out with room for [#MAX_RESPONSE_BYTES] at `at`
  /// @return bytes written
  public int respond(MemorySegment out, long at) {
    int length = response.position();
    MemorySegment.copy(response.array(), 0, out, ValueLayout.JAVA_BYTE, at, length);
    return length;
  }

  private void compose(long remoteHigh, long remoteLow, int remotePort) {
    MemorySegment message = MemorySegment.ofArray(request);
    response.clear().position(HEADER_BYTES);
    boolean success = !writeUnknownAttributes(message);
    if (success) {
      writeMappedAddress(remoteHigh, remoteLow, remotePort);
    }
    boolean fingerprint = StunFraming.find(message, 0, requestLength, Attribute.FINGERPRINT) >= 0;
    writeHeader(
        success ? Message.BINDING_SUCCESS_RESPONSE : Message.BINDING_ERROR_RESPONSE,
        fingerprint ? ATTRIBUTE_HEADER_BYTES + StunIntegrity.FINGERPRINT_BYTES : 0);
    if (fingerprint) {
      int value = StunIntegrity.fingerprint(response.array(), response.position());
      begin(Attribute.FINGERPRINT, StunIntegrity.FINGERPRINT_BYTES);
      response.putInt(value);
    }
  }

  /// @param more bytes of attributes that are still to come
  private void writeHeader(char type, int more) {
    int length = response.position() - HEADER_BYTES + more;
    response.putChar(0, type).putChar(2, (char) length);
    response.put(4, request, 4, HEADER_BYTES - 4); // cookie and transaction id
  }

  /// XOR-MAPPED-ADDRESS (RFC 8489 §14.2).
  private void writeMappedAddress(long high, long low, int port) {
    boolean ipv4 = NetworkPath.isIpv4(high, low);
    begin(Attribute.XOR_MAPPED_ADDRESS, ipv4 ? 8 : 20);
    response.putShort(ipv4 ? IPV4_FAMILY : IPV6_FAMILY);
    response.putShort((short) (port ^ MAGIC_COOKIE >>> 16));
    if (ipv4) {
      response.putInt((int) low ^ MAGIC_COOKIE);
      return;
    }
    ByteBuffer message = ByteBuffer.wrap(request);
    response.putLong(high ^ message.getLong(TRANSACTION_ID - 4));
    response.putLong(low ^ message.getLong(TRANSACTION_ID + 4));
  }

  /// ERROR-CODE 420 and UNKNOWN-ATTRIBUTES (RFC 8489 §6.3.1), if the request has attributes that it
  /// must not be answered with.
  ///
  /// @return false if it has none: nothing was written
  private boolean writeUnknownAttributes(MemorySegment message) {
    int start = response.position();
    begin(Attribute.ERROR_CODE, Integer.BYTES);
    response.putInt(UNKNOWN_ATTRIBUTE);
    begin(Attribute.UNKNOWN_ATTRIBUTES, 0);
    int list = response.position();
    int unknown = 0;
    int position = HEADER_BYTES;
    while (position < requestLength && unknown < MAX_UNKNOWN) {
      int type = StunFraming.u16(message, position);
      if (!UnderstoodAttributes.mayCarry(type)) {
        response.putShort((short) type);
        unknown++;
      }
      position = StunFraming.next(message, 0, position);
    }
    if (unknown == 0) {
      response.position(start);
      return false;
    }
    response.putShort(list - Short.BYTES, (short) (Short.BYTES * unknown));
    if (unknown % 2 == 1) {
      response.putShort((short) 0);
    }
    return true;
  }

  private void begin(char type, int length) {
    response.putChar(type).putChar((char) length);
  }
}
