package org.plenum.sfu.srtp;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/// Test double of a peer that shares our keys: what one side of it protects, the other unprotects.
final class SrtpPeer implements AutoCloseable {
  static final int SSRC = 0xCAFE_BABE;
  private static final int SLAB_BYTES = 1 << 16;

  final SrtpSender sender;
  final SrtpReceiver receiver;
  private final SrtpProfile profile;
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment slab = arena.allocate(SLAB_BYTES);
  private final MemorySegment cache = arena.allocate(SLAB_BYTES);

  SrtpPeer(CryptoBackend backend, SrtpProfile profile, SrtpKeys keys) {
    var factory = SrtpFactory.selfTested(List.of(backend));
    this.profile = profile;
    sender = factory.sender(keys);
    receiver = factory.receiver(keys);
  }

  static SrtpPeer seeded(CryptoBackend backend, SrtpProfile profile, long seed) {
    return new SrtpPeer(backend, profile, seededKeys(profile, seed));
  }

  static Stream<CryptoBackend> backends() {
    return Stream.of(new LibcryptoBackend(), new JceBackend());
  }

  /// Every back end with every profile.
  static Stream<Arguments> kinds() {
    return backends()
        .flatMap(b -> Stream.of(SrtpProfile.values()).map(profile -> Arguments.of(b, profile)));
  }

  /// The same key both ways.
  static SrtpKeys seededKeys(SrtpProfile profile, long seed) {
    var random = new Random(seed);
    byte[] key = new byte[profile.keyBytes()];
    byte[] salt = new byte[profile.saltBytes()];
    random.nextBytes(key);
    random.nextBytes(salt);
    return new SrtpKeys(profile, key, salt, key, salt);
  }

  static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }

  /// A packet with `csrcs` CSRCs, a header extension where `extension` is true, and a payload drawn
  /// from `random`.
  static byte[] rtp(
      Random random, int ssrc, long index, int csrcs, boolean extension, int payload) {
    byte[] packet = new byte[headerLength(csrcs, extension) + payload];
    random.nextBytes(packet);
    var header = ByteBuffer.wrap(packet);
    header.put(0, (byte) (0x80 | (extension ? 0x10 : 0) | csrcs));
    header.putShort(2, (short) index);
    header.putInt(8, ssrc);
    if (extension) {
      header.putInt(12 + 4 * csrcs, 0xBEDE_0001);
    }
    return packet;
  }

  static byte[] rtp(long seed, long index) {
    return rtp(new Random(seed), SSRC, index, 0, false, 40);
  }

  static byte[] rtcp(Random random, int ssrc, int words) {
    byte[] packet = new byte[8 + 4 * words];
    random.nextBytes(packet);
    ByteBuffer.wrap(packet).putInt(0, 0x81C9_0000 | words + 1).putInt(4, ssrc);
    return packet;
  }

  static int headerLength(int csrcs, boolean extension) {
    return 12 + 4 * csrcs + (extension ? 8 : 0);
  }

  static int headerLength(byte[] packet) {
    return headerLength(packet[0] & 0x0F, (packet[0] & 0x10) != 0);
  }

  /// Protects with the whole payload read from the cache.
  byte[] protect(byte[] packet, long index) {
    return protect(packet, index, 0);
  }

  /// Protects with `prefix` bytes of payload already at the destination.
  byte[] protect(byte[] packet, long index, int prefix) {
    int result = tryProtect(packet, index, prefix);
    if (result < 0) {
      throw new AssertionError("protect returned " + result);
    }
    return read(16, result);
  }

  int tryProtect(byte[] packet, long index, int prefix) {
    int header = headerLength(packet);
    slab.fill((byte) 0x55);
    MemorySegment.copy(packet, 0, slab, ValueLayout.JAVA_BYTE, 16, header + prefix);
    int rest = packet.length - header - prefix;
    MemorySegment.copy(packet, header + prefix, cache, ValueLayout.JAVA_BYTE, 100, rest);
    int ssrc = ByteBuffer.wrap(packet).getInt(8);
    return sender.stream(ssrc).protect(slab, 16, header, prefix, cache, 100, rest, index);
  }

  byte[] protectRtcp(byte[] packet) {
    write(packet, 8);
    return read(8, sender.protectRtcp(slab, 8, packet.length));
  }

  /// The result of unprotecting; [#plain] reads what came out.
  int unprotect(byte[] packet) {
    return unprotect(packet, packet.length == 0 ? 12 : headerLength(packet));
  }

  int unprotect(byte[] packet, int headerLength) {
    write(packet, 24);
    return receiver.unprotect(slab, 24, packet.length, headerLength);
  }

  int unprotectRtcp(byte[] packet) {
    write(packet, 24);
    return receiver.unprotectRtcp(slab, 24, packet.length);
  }

  byte[] plain(int length) {
    return read(24, length);
  }

  /// The egress slab as it was left.
  byte[] written(int length) {
    return read(16, length);
  }

  int ssrcs() {
    return ((CipherReceiver) receiver).ssrcs();
  }

  private void write(byte[] packet, long offset) {
    slab.fill((byte) 0);
    MemorySegment.copy(packet, 0, slab, ValueLayout.JAVA_BYTE, offset, packet.length);
  }

  private byte[] read(long offset, int length) {
    return slab.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
  }

  @Override
  public void close() {
    sender.close();
    receiver.close();
    arena.close();
  }

  @Override
  public String toString() {
    return profile.toString();
  }
}
