package org.plenum.sfu.srtp;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

/// AEAD_AES_128_GCM (RFC 7714) over libcrypto: one EVP context, keyed once, a new IV for each
/// packet; allocates nothing for a packet. Takes native segments only.
final class LibcryptoGcm implements PacketCipher {
  private static final ValueLayout.OfInt U32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final int TAG_BYTES = 16;
  private static final int INDEX_MASK = 0x7FFF_FFFF;

  /// Scratch: the key (while keying) or the IV, the index word, the int that EVP counts into.
  private static final int WORD_OFFSET = 16;

  private static final int WRITTEN_OFFSET = 20;
  private static final int SCRATCH_BYTES = 24;

  private final PacketIv iv;
  private final MemorySegment scratch;
  private final long written;
  private long context;

  private LibcryptoGcm(SessionKeys keys, int encrypt) {
    iv = new PacketIv(keys.salt());
    scratch = Libcrypto.allocate(SCRATCH_BYTES);
    written = scratch.address() + WRITTEN_OFFSET;
    MemorySegment.copy(
        keys.encryptionKey(), 0, scratch, ValueLayout.JAVA_BYTE, 0, keys.encryptionKey().length);
    context = Libcrypto.newCipherContext();
    Libcrypto.keyCipher(context, Libcrypto.aes128Gcm(), scratch.address(), encrypt);
    scratch.fill((byte) 0);
  }

  static LibcryptoGcm encrypting(SessionKeys keys) {
    return new LibcryptoGcm(keys, 1);
  }

  static LibcryptoGcm decrypting(SessionKeys keys) {
    return new LibcryptoGcm(keys, 0);
  }

  @Override
  public void startRtp(MemorySegment packet, long offset, int headerLength, int ssrc, long index) {
    start(ssrc, index);
    authenticate(address(packet, offset, headerLength), headerLength);
  }

  @Override
  public void startRtcp(
      MemorySegment packet, long offset, int clearLength, int ssrc, int indexWord) {
    start(ssrc, indexWord & INDEX_MASK);
    authenticate(address(packet, offset, clearLength), clearLength);
    scratch.set(U32, WORD_OFFSET, indexWord); // behind the header (RFC 7714 §9.2, §9.3)
    authenticate(scratch.address() + WORD_OFFSET, Integer.BYTES);
  }

  @Override
  public void encrypt(
      MemorySegment from, long fromOffset, int length, MemorySegment to, long toOffset) {
    requireOpen();
    long in = address(from, fromOffset, length);
    update(address(to, toOffset, length), in, length);
  }

  @Override
  public void finish(MemorySegment to, long tagOffset) {
    requireOpen();
    long tag = address(to, tagOffset, TAG_BYTES);
    if (!Libcrypto.finishCipher(context, tag, written)) { // GCM has nothing left to write here
      throw new IllegalStateException("libcrypto could not finish a GCM packet");
    }
    Libcrypto.controlCipher(context, Libcrypto.GCM_GET_TAG, TAG_BYTES, tag);
  }

  @Override
  public boolean open(MemorySegment slab, long offset, int length, long tagOffset) {
    requireOpen();
    long text = address(slab, offset, length);
    long tag = address(slab, tagOffset, TAG_BYTES);
    update(text, text, length);
    Libcrypto.controlCipher(context, Libcrypto.GCM_SET_TAG, TAG_BYTES, tag);
    return Libcrypto.finishCipher(context, text, written);
  }

  @Override
  public void close() {
    if (context != 0) {
      Libcrypto.freeCipherContext(context);
      Libcrypto.free(scratch);
      context = 0;
    }
  }

  private void start(int ssrc, long index) {
    requireOpen();
    iv.writeGcm(scratch, ssrc, index);
    Libcrypto.startCipher(context, scratch.address());
  }

  private void authenticate(long address, int length) {
    Libcrypto.updateCipher(context, 0, written, address, length);
  }

  private void update(long out, long in, int length) {
    if (length > 0) {
      Libcrypto.updateCipher(context, out, written, in, length);
    }
  }

  private void requireOpen() {
    if (context == 0) {
      throw new IllegalStateException("SRTP cipher used after close");
    }
  }

  /// The one place where a segment becomes a raw address: nothing behind it checks bounds.
  static long address(MemorySegment segment, long offset, int length) {
    Objects.checkFromIndexSize(offset, length, segment.byteSize());
    if (!segment.isNative() || !segment.scope().isAlive()) {
      throw new IllegalStateException("SRTP over libcrypto needs live native memory");
    }
    return segment.address() + offset;
  }
}
