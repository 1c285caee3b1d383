package org.plenum.signaling.relay;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// What is said to a TURN server and what it answers (RFC 8489 §5, RFC 8656), as far as it takes to
/// get a relay and to give it back.
final class TurnMessage {
  static final int ALLOCATE = 0x003;
  static final int REFRESH = 0x004;

  static final int USERNAME = 0x0006;
  static final int ERROR_CODE = 0x0009;
  static final int LIFETIME = 0x000D;
  static final int REALM = 0x0014;
  static final int NONCE = 0x0015;
  static final int REQUESTED_TRANSPORT = 0x0019;

  static final int HEADER_BYTES = 20;
  static final int TRANSACTION_BYTES = 12;

  private static final int MESSAGE_INTEGRITY = 0x0008;
  private static final int HMAC_BYTES = 20;
  private static final int COOKIE = 0x2112A442;
  private static final int SUCCESS = 0x0100;
  private static final int ERROR = 0x0110;
  private static final int MOST_BYTES = 2048;

  private TurnMessage() {}

  /// What a server answered.
  ///
  /// @param attributes the first of each type
  record Answer(boolean success, Map<Integer, byte[]> attributes) {
    Answer {
      attributes = Map.copyOf(attributes);
    }

    /// RFC 8489 §14.8, such as 401; 0 if there is none.
    int errorCode() {
      byte[] value = attributes.get(ERROR_CODE);
      return value == null || value.length < 4 ? 0 : (value[2] & 7) * 100 + (value[3] & 0xFF);
    }
  }

  /// A request, its attributes in their order.
  ///
  /// @param key of the long-term credential, for MESSAGE-INTEGRITY; null: without
  static byte[] request(
      int method, byte[] transaction, Map<Integer, byte[]> attributes, byte @Nullable [] key) {
    ByteBuffer out = ByteBuffer.allocate(MOST_BYTES);
    out.putShort((short) method).putShort((short) 0).putInt(COOKIE).put(transaction);
    attributes.forEach(
        (type, value) -> {
          out.putShort(type.shortValue()).putShort((short) value.length).put(value);
          out.position(padded(out.position()));
        });
    if (key != null) {
      // RFC 8489 §14.5: the length counts the attribute that is to come.
      out.putShort(2, (short) (out.position() + 4 + HMAC_BYTES - HEADER_BYTES));
      byte[] hash = hmac(key, out.array(), out.position());
      out.putShort((short) MESSAGE_INTEGRITY).putShort((short) HMAC_BYTES).put(hash);
    }
    out.putShort(2, (short) (out.position() - HEADER_BYTES));
    byte[] message = new byte[out.position()];
    out.get(0, message);
    return message;
  }

  /// How long the message is whose header this is.
  static int length(byte[] header) {
    return HEADER_BYTES + (ByteBuffer.wrap(header).getShort(2) & 0xFFFF);
  }

  /// Null if it is no answer to this request.
  static @Nullable Answer answer(byte[] message, int method, byte[] transaction) {
    if (message.length < HEADER_BYTES || length(message) != message.length) {
      return null;
    }
    ByteBuffer in = ByteBuffer.wrap(message);
    int type = in.getShort() & 0xFFFF;
    byte[] answered = new byte[TRANSACTION_BYTES];
    in.get(8, answered);
    boolean success = type == (method | SUCCESS);
    boolean ours = in.getInt(4) == COOKIE && java.util.Arrays.equals(answered, transaction);
    if (!ours || !success && type != (method | ERROR)) {
      return null;
    }
    Map<Integer, byte[]> attributes = new HashMap<>();
    for (int at = HEADER_BYTES; at + 4 <= message.length; ) {
      int length = in.getShort(at + 2) & 0xFFFF;
      if (at + 4 + length > message.length) {
        return null;
      }
      byte[] value = new byte[length];
      in.get(at + 4, value);
      attributes.putIfAbsent(in.getShort(at) & 0xFFFF, value);
      at = padded(at + 4 + length);
    }
    return new Answer(success, attributes);
  }

  /// The attributes of whoever proves to be this user (RFC 8489 §9.2.3).
  static Map<Integer, byte[]> credential(String user, byte[] realm, byte[] nonce) {
    Map<Integer, byte[]> attributes = new LinkedHashMap<>();
    attributes.put(USERNAME, user.getBytes(StandardCharsets.UTF_8));
    attributes.put(REALM, realm);
    attributes.put(NONCE, nonce);
    return attributes;
  }

  /// The key of a long-term credential (RFC 8489 §9.2.2).
  static byte[] key(String user, byte[] realm, String password) {
    try {
      MessageDigest md5 = MessageDigest.getInstance("MD5");
      md5.update((user + ":").getBytes(StandardCharsets.UTF_8));
      md5.update(realm);
      return md5.digest((":" + password).getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JVM has MD5", e);
    }
  }

  private static int padded(int length) {
    return (length + 3) & ~3;
  }

  private static byte[] hmac(byte[] key, byte[] message, int length) {
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(key, "HmacSHA1"));
      mac.update(message, 0, length);
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JVM has HmacSHA1", e);
    }
  }
}
