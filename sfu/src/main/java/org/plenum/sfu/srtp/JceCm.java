package org.plenum.sfu.srtp;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// AES_CM_128_HMAC_SHA1_80 (RFC 3711 §4.1.1, §4.2.1) over the Java runtime. Counter mode is its own
/// inverse, so an instance serves either direction.
final class JceCm implements PacketCipher {
  private static final int TAG_BYTES = 10;
  private static final int INDEX_MASK = 0x7FFF_FFFF;

  private final PacketIv iv;
  private final byte[] ivBytes = new byte[PacketIv.CM_BYTES];
  private final SecretKeySpec key;
  private final Cipher cipher;
  private final Mac mac;
  private final HeapText text = new HeapText();
  private int lastWord;
  private boolean closed;

  JceCm(SessionKeys keys) {
    iv = new PacketIv(keys.salt());
    key = new SecretKeySpec(keys.encryptionKey(), "AES");
    try {
      cipher = Cipher.getInstance("AES/CTR/NoPadding");
      mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(keys.authenticationKey(), "HmacSHA1"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the Java runtime has no AES/CTR or HmacSHA1", e);
    }
  }

  @Override
  public void startRtp(MemorySegment packet, long offset, int headerLength, int ssrc, long index) {
    start(ssrc, index, (int) (index >>> 16)); // the roll-over counter (RFC 3711 §4.2)
    authenticate(packet, offset, headerLength);
  }

  @Override
  public void startRtcp(
      MemorySegment packet, long offset, int clearLength, int ssrc, int indexWord) {
    start(ssrc, indexWord & INDEX_MASK, indexWord); // E flag and index (RFC 3711 §3.4)
    authenticate(packet, offset, clearLength);
  }

  @Override
  public void encrypt(
      MemorySegment from, long fromOffset, int length, MemorySegment to, long toOffset) {
    requireOpen();
    text.clear();
    text.append(from, fromOffset, length);
    transform(to, toOffset);
    authenticate(to, toOffset, length);
  }

  @Override
  public void finish(MemorySegment to, long tagOffset) {
    requireOpen();
    MemorySegment.copy(tag(), 0, to, ValueLayout.JAVA_BYTE, tagOffset, TAG_BYTES);
  }

  @Override
  public boolean open(MemorySegment slab, long offset, int length, long tagOffset) {
    requireOpen();
    authenticate(slab, offset, length);
    byte[] received = slab.asSlice(tagOffset, TAG_BYTES).toArray(ValueLayout.JAVA_BYTE);
    if (!MessageDigest.isEqual(Arrays.copyOf(tag(), TAG_BYTES), received)) {
      return false;
    }
    text.clear();
    text.append(slab, offset, length);
    transform(slab, offset);
    return true;
  }

  @Override
  public void close() {
    closed = true;
  }

  private void start(int ssrc, long index, int word) {
    requireOpen();
    lastWord = word;
    iv.writeCm(MemorySegment.ofArray(ivBytes), ssrc, index);
    mac.reset();
    try {
      cipher.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(ivBytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES/CTR could not start a packet", e);
    }
  }

  /// Key stream over the gathered text; goes on where the piece before ended.
  private void transform(MemorySegment to, long offset) {
    byte[] result = cipher.update(text.bytes(), 0, text.length());
    if (result != null) { // null where there was no text
      MemorySegment.copy(result, 0, to, ValueLayout.JAVA_BYTE, offset, result.length);
    }
  }

  private void authenticate(MemorySegment segment, long offset, int length) {
    mac.update(segment.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE));
  }

  private byte[] tag() {
    mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(lastWord).flip());
    return mac.doFinal();
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("SRTP cipher used after close");
    }
  }
}
