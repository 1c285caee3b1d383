package org.plenum.sfu.srtp;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// AES_CM_128_HMAC_SHA1_80 (RFC 3711 §4.1.1, §4.2.1) over libcrypto: an EVP and an HMAC context,
/// keyed once; allocates nothing for a packet. Takes native segments only. Counter mode is its own
/// inverse, so an instance serves either direction.
final class LibcryptoCm implements PacketCipher {
  private static final ValueLayout.OfInt U32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final int TAG_BYTES = 10;
  private static final int SHA1_BYTES = 20;
  private static final int INDEX_MASK = 0x7FFF_FFFF;

  /// Scratch: a key (while keying) or the IV, then the word that is authenticated last, the int
  /// that libcrypto counts into, the whole tag.
  private static final int WORD_OFFSET = 20;

  private static final int WRITTEN_OFFSET = 24;
  private static final int TAG_OFFSET = 28;
  private static final int SCRATCH_BYTES = TAG_OFFSET + SHA1_BYTES;

  private final PacketIv iv;
  private final MemorySegment scratch;
  private final long written;
  private long context;
  private long hmac;

  LibcryptoCm(SessionKeys keys) {
    iv = new PacketIv(keys.salt());
    scratch = Libcrypto.allocate(SCRATCH_BYTES);
    written = scratch.address() + WRITTEN_OFFSET;
    long key = scratch.address();
    putKey(keys.encryptionKey());
    context = Libcrypto.newCipherContext();
    Libcrypto.keyCipher(context, Libcrypto.aes128Ctr(), key, 1);
    putKey(keys.authenticationKey());
    hmac = Libcrypto.newHmacContext();
    Libcrypto.keyHmacSha1(hmac, key, keys.authenticationKey().length);
    scratch.fill((byte) 0);
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
    long in = LibcryptoGcm.address(from, fromOffset, length);
    update(LibcryptoGcm.address(to, toOffset, length), in, length);
    authenticate(to, toOffset, length);
  }

  @Override
  public void finish(MemorySegment to, long tagOffset) {
    computeTag();
    MemorySegment.copy(scratch, TAG_OFFSET, to, tagOffset, TAG_BYTES);
  }

  @Override
  public boolean open(MemorySegment slab, long offset, int length, long tagOffset) {
    authenticate(slab, offset, length);
    computeTag();
    if (!tagEquals(slab, tagOffset)) {
      return false;
    }
    long text = LibcryptoGcm.address(slab, offset, length);
    update(text, text, length);
    return true;
  }

  @Override
  public void close() {
    if (context != 0) {
      Libcrypto.freeCipherContext(context);
      Libcrypto.freeHmacContext(hmac);
      Libcrypto.free(scratch);
      context = 0;
      hmac = 0;
    }
  }

  private void start(int ssrc, long index, int lastWord) {
    requireOpen();
    iv.writeCm(scratch, ssrc, index);
    scratch.set(U32, WORD_OFFSET, lastWord);
    Libcrypto.startCipher(context, scratch.address());
    Libcrypto.startHmac(hmac);
  }

  private void authenticate(MemorySegment segment, long offset, int length) {
    requireOpen();
    Libcrypto.updateHmac(hmac, LibcryptoGcm.address(segment, offset, length), length);
  }

  private void computeTag() {
    requireOpen();
    Libcrypto.updateHmac(hmac, scratch.address() + WORD_OFFSET, Integer.BYTES);
    Libcrypto.finishHmac(hmac, scratch.address() + TAG_OFFSET, written);
  }

  /// In a time that tells nothing about where the two differ.
  private boolean tagEquals(MemorySegment slab, long tagOffset) {
    int difference = 0;
    for (int i = 0; i < TAG_BYTES; i++) {
      difference |=
          slab.get(ValueLayout.JAVA_BYTE, tagOffset + i)
              ^ scratch.get(ValueLayout.JAVA_BYTE, TAG_OFFSET + i);
    }
    return difference == 0;
  }

  private void update(long out, long in, int length) {
    if (length > 0) {
      Libcrypto.updateCipher(context, out, written, in, length);
    }
  }

  private void putKey(byte[] key) {
    MemorySegment.copy(key, 0, scratch, ValueLayout.JAVA_BYTE, 0, key.length);
  }

  private void requireOpen() {
    if (context == 0) {
      throw new IllegalStateException("SRTP cipher used after close");
    }
  }
}
