package org.plenum.sfu.srtp;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// AEAD_AES_128_GCM (RFC 7714) over the Java runtime's AES/GCM/NoPadding.
final class JceGcm implements PacketCipher {
  private static final int TAG_BYTES = 16;
  private static final int INDEX_MASK = 0x7FFF_FFFF;

  private final PacketIv iv;
  private final byte[] ivBytes = new byte[PacketIv.GCM_BYTES];
  private final SecretKeySpec key;
  private final int mode;
  private final Cipher cipher;
  private final HeapText text = new HeapText();
  private boolean closed;

  private JceGcm(SessionKeys keys, int mode) {
    iv = new PacketIv(keys.salt());
    key = new SecretKeySpec(keys.encryptionKey(), "AES");
    this.mode = mode;
    try {
      cipher = Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the Java runtime has no AES/GCM/NoPadding", e);
    }
  }

  static JceGcm encrypting(SessionKeys keys) {
    return new JceGcm(keys, Cipher.ENCRYPT_MODE);
  }

  static JceGcm decrypting(SessionKeys keys) {
    return new JceGcm(keys, Cipher.DECRYPT_MODE);
  }

  @Override
  public void startRtp(MemorySegment packet, long offset, int headerLength, int ssrc, long index) {
    start(ssrc, index);
    authenticate(packet, offset, headerLength);
  }

  @Override
  public void startRtcp(
      MemorySegment packet, long offset, int clearLength, int ssrc, int indexWord) {
    start(ssrc, indexWord & INDEX_MASK);
    authenticate(packet, offset, clearLength);
    cipher.updateAAD(ByteBuffer.allocate(Integer.BYTES).putInt(indexWord).flip());
  }

  @Override
  public void encrypt(
      MemorySegment from, long fromOffset, int length, MemorySegment to, long toOffset) {
    requireOpen();
    text.append(from, fromOffset, length);
  }

  /// Only now is the whole text written, to where its pieces would have gone: right before the tag.
  @Override
  public void finish(MemorySegment to, long tagOffset) {
    requireOpen();
    try {
      byte[] sealed = cipher.doFinal(text.bytes(), 0, text.length());
      MemorySegment.copy(
          sealed, 0, to, ValueLayout.JAVA_BYTE, tagOffset - text.length(), sealed.length);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES/GCM could not finish a packet", e);
    }
  }

  @Override
  public boolean open(MemorySegment slab, long offset, int length, long tagOffset) {
    requireOpen();
    text.append(slab, offset, length);
    text.append(slab, tagOffset, TAG_BYTES);
    try {
      byte[] plain = cipher.doFinal(text.bytes(), 0, text.length());
      MemorySegment.copy(plain, 0, slab, ValueLayout.JAVA_BYTE, offset, plain.length);
      return true;
    } catch (AEADBadTagException e) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES/GCM could not open a packet", e);
    }
  }

  @Override
  public void close() {
    closed = true;
  }

  private void start(int ssrc, long index) {
    requireOpen();
    text.clear();
    iv.writeGcm(MemorySegment.ofArray(ivBytes), ssrc, index);
    try {
      cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, ivBytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES/GCM could not start a packet", e);
    }
  }

  private void authenticate(MemorySegment packet, long offset, int length) {
    cipher.updateAAD(packet.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE));
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("SRTP cipher used after close");
    }
  }
}
