package org.plenum.ice.agent;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.zip.CRC32;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.ice4j.attribute.Attribute;

/// MESSAGE-INTEGRITY under one key (RFC 8489 §14.5), and FINGERPRINT (§14.7), over bytes.
///
/// Not ice4j's: its `MessageIntegrityAttribute` looks its key up in a `StunStack`, whose class
/// owns executors, and makes a new `Mac` for each message; and it compares in a time that
/// depends on the bytes.
///
/// Owned by one thread.
public final class StunIntegrity {
  public static final int INTEGRITY_BYTES = 20;
  public static final int FINGERPRINT_BYTES = 4;

  private static final String HMAC_SHA1 = "HmacSHA1";
  private static final int FINGERPRINT_XOR = 0x5354_554E;
  private static final int LENGTH_FIELD = 2;

  private final Mac mac;

  /// Under a short-term password (RFC 8489 §9.1).
  StunIntegrity(String password) {
    this(password.getBytes(StandardCharsets.UTF_8));
  }

  /// @param key of a long-term credential (RFC 8489 §9.2.2)
  public StunIntegrity(byte[] key) {
    try {
      mac = Mac.getInstance(HMAC_SHA1);
      mac.init(new SecretKeySpec(key, HMAC_SHA1));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + HMAC_SHA1, e);
    }
  }

  /// Whether the MESSAGE-INTEGRITY attribute that starts at `position` is right.
  ///
  /// @param message a well-formed message with a 20-byte attribute there
  public boolean verify(byte[] message, int position) {
    int value = position + StunFraming.ATTRIBUTE_HEADER_BYTES;
    byte[] received = Arrays.copyOfRange(message, value, value + INTEGRITY_BYTES);
    return MessageDigest.isEqual(received, compute(message, position));
  }

  /// The HMAC of what stands before `position`, the length field counting up to the end of the
  /// attribute there.
  public byte[] compute(byte[] message, int position) {
    int end = position + StunFraming.ATTRIBUTE_HEADER_BYTES + INTEGRITY_BYTES;
    int counted = end - StunFraming.HEADER_BYTES;
    mac.update(message, 0, LENGTH_FIELD);
    mac.update((byte) (counted >>> 8));
    mac.update((byte) counted);
    mac.update(message, LENGTH_FIELD + 2, position - LENGTH_FIELD - 2);
    return mac.doFinal();
  }

  /// Whether FINGERPRINT is absent, or the last attribute and right (RFC 8489 §14.7).
  ///
  /// @param message a well-formed message of `length` bytes, at the start of the array
  public static boolean hasGoodFingerprint(byte[] message, int length) {
    MemorySegment segment = MemorySegment.ofArray(message);
    int position = StunFraming.find(segment, 0, length, Attribute.FINGERPRINT);
    if (position < 0) {
      return true;
    }
    int value = position + StunFraming.ATTRIBUTE_HEADER_BYTES;
    return StunFraming.valueLength(segment, 0, position) == FINGERPRINT_BYTES
        && value + FINGERPRINT_BYTES == length
        && ByteBuffer.wrap(message).getInt(value) == fingerprint(message, position);
  }

  /// The FINGERPRINT of what stands before `position`; the length field must already count the
  /// attribute.
  public static int fingerprint(byte[] message, int position) {
    CRC32 crc = new CRC32();
    crc.update(message, 0, position);
    return (int) crc.getValue() ^ FINGERPRINT_XOR;
  }
}
