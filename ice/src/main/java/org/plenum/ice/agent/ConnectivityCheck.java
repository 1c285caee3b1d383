package org.plenum.ice.agent;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.ice4j.attribute.Attribute;
import org.ice4j.message.Message;

/// Writes the Binding requests of the other side of an [IceLiteAgent]: a full, controlling
/// agent (RFC 8445 §7.2.2). The server itself never checks; its warm-up, tests and load client
/// do.
public final class ConnectivityCheck {
  /// A priority as a peer-reflexive candidate would have it (RFC 8445 §5.1.2.2); a lite agent does
  /// not look at it.
  private static final int PRIORITY = 110 << 24 | 0xFF_FFFF;

  private static final int TRANSACTION_ID_BYTES = 12;

  private final byte[] username;
  private final StunIntegrity integrity;
  private final long tieBreaker;

  /// @param remote the credentials of the agent that is checked
  /// @param localUfrag of the agent that checks
  /// @param tieBreaker any number, the same for all checks of a session
  public ConnectivityCheck(IceCredentials remote, String localUfrag, long tieBreaker) {
    this.username = (remote.ufrag() + ":" + localUfrag).getBytes(StandardCharsets.US_ASCII);
    this.integrity = new StunIntegrity(remote.password());
    this.tieBreaker = tieBreaker;
  }

  /// A request to send.
  ///
  /// @param transactionId 12 bytes
  /// @param nominate whether it carries USE-CANDIDATE
  public byte[] request(byte[] transactionId, boolean nominate) {
    if (transactionId.length != TRANSACTION_ID_BYTES) {
      throw new IllegalArgumentException(
          "a transaction id has 12 bytes, not " + transactionId.length);
    }
    int header = StunFraming.ATTRIBUTE_HEADER_BYTES;
    int integrityAt =
        StunFraming.HEADER_BYTES
            + header
            + padded(username.length)
            + (header + Long.BYTES)
            + (header + Integer.BYTES)
            + (nominate ? header : 0);
    int fingerprintAt = integrityAt + header + StunIntegrity.INTEGRITY_BYTES;
    int length = fingerprintAt + header + StunIntegrity.FINGERPRINT_BYTES;
    ByteBuffer message = ByteBuffer.allocate(length);
    message.putChar(Message.BINDING_REQUEST);
    message.putChar((char) (length - StunFraming.HEADER_BYTES));
    message.put(Message.MAGIC_COOKIE);
    message.put(transactionId);
    begin(message, Attribute.USERNAME, username.length);
    message.put(username);
    message.position(StunFraming.HEADER_BYTES + header + padded(username.length));
    begin(message, Attribute.ICE_CONTROLLING, Long.BYTES);
    message.putLong(tieBreaker);
    begin(message, Attribute.PRIORITY, Integer.BYTES);
    message.putInt(PRIORITY);
    if (nominate) {
      begin(message, Attribute.USE_CANDIDATE, 0);
    }
    begin(message, Attribute.MESSAGE_INTEGRITY, StunIntegrity.INTEGRITY_BYTES);
    message.put(integrity.compute(message.array(), integrityAt));
    begin(message, Attribute.FINGERPRINT, StunIntegrity.FINGERPRINT_BYTES);
    message.putInt(StunIntegrity.fingerprint(message.array(), fingerprintAt));
    return message.array();
  }

  private static void begin(ByteBuffer message, char type, int length) {
    message.putChar(type);
    message.putChar((char) length);
  }

  private static int padded(int length) {
    return (length + 3) & ~3;
  }
}
