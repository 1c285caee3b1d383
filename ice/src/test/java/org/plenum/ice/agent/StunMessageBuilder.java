package org.plenum.ice.agent;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.zip.CRC32;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Writes STUN messages byte by byte, wrong ones too; shares no code with what it tests.
public final class StunMessageBuilder {
  private final int type;
  private byte[] transactionId = "transaction!".getBytes(StandardCharsets.US_ASCII);
  private final ByteArrayOutputStream attributes = new ByteArrayOutputStream();

  private StunMessageBuilder(int type) {
    this.type = type;
  }

  public static StunMessageBuilder of(int type) {
    return new StunMessageBuilder(type);
  }

  static StunMessageBuilder bindingRequest(String username) {
    return of(0x0001).attribute(0x0006, username.getBytes(StandardCharsets.US_ASCII));
  }

  /// Another transaction than those of all other messages.
  public StunMessageBuilder transaction(int number) {
    transactionId = ByteBuffer.allocate(12).putInt(number).array();
    return this;
  }

  public StunMessageBuilder attribute(int attributeType, byte... value) {
    put16(attributeType);
    put16(value.length);
    attributes.writeBytes(value);
    while (attributes.size() % 4 != 0) {
      attributes.write(0);
    }
    return this;
  }

  /// Appends bytes as they are.
  public StunMessageBuilder raw(byte... bytes) {
    attributes.writeBytes(bytes);
    return this;
  }

  StunMessageBuilder priority() {
    return attribute(0x0024, new byte[] {0x6E, 0x7F, 0x1E, (byte) 0xFF});
  }

  StunMessageBuilder controlling() {
    return attribute(0x802A, new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
  }

  StunMessageBuilder controlled() {
    return attribute(0x8029, new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
  }

  StunMessageBuilder useCandidate() {
    return attribute(0x0025);
  }

  StunMessageBuilder integrity(String password) {
    return integrity(password.getBytes(StandardCharsets.US_ASCII));
  }

  public StunMessageBuilder integrity(byte[] key) {
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(key, "HmacSHA1"));
      return attribute(0x0008, mac.doFinal(message(24)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  public StunMessageBuilder fingerprint() {
    CRC32 crc = new CRC32();
    crc.update(message(8));
    int value = (int) crc.getValue() ^ 0x5354_554E;
    return attribute(0x8028, ByteBuffer.allocate(4).putInt(value).array());
  }

  public byte[] build() {
    return message(0);
  }

  /// The message so far, its length field counting `more` bytes that are still to come.
  private byte[] message(int more) {
    return ByteBuffer.allocate(20 + attributes.size())
        .putShort((short) type)
        .putShort((short) (attributes.size() + more))
        .putInt(0x2112_A442)
        .put(transactionId)
        .put(attributes.toByteArray())
        .array();
  }

  private void put16(int value) {
    attributes.write(value >>> 8);
    attributes.write(value);
  }
}
