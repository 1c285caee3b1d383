package org.plenum.sfu.srtp;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HexFormat;

/// Known answers that a back end must give before it may serve: RFC 7714 §16.1 for GCM, RFC 3711
/// appendix B.2 and B.3 for AES-CM, the latter with libsrtp's well-known packet for the tag.
final class SrtpSelfTest {
  private static final int RTP_HEADER_BYTES = 12;

  private SrtpSelfTest() {}

  static boolean passes(CryptoBackend backend, SrtpProfile profile) {
    return switch (profile) {
      case AEAD_AES_128_GCM -> passesGcm(backend);
      case AES_CM_128_HMAC_SHA1_80 -> passesCm(backend);
    };
  }

  private static boolean passesGcm(CryptoBackend backend) {
    var keys =
        new SessionKeys(
            hex("000102030405060708090a0b0c0d0e0f"), hex(""), hex("517569642070726f2071756f"));
    return agrees(
        backend,
        SrtpProfile.AEAD_AES_128_GCM,
        keys,
        hex(
            "8040f17b8041f8d35501a0b247616c6c696120657374206f6d6e697320646976"
                + "69736120696e207061727465732074726573"),
        hex(
            "8040f17b8041f8d35501a0b2f24de3a3fb34de6cacba861c9d7e4bcabe633bd5"
                + "0d294e6f42a5f47a51c7d19b36de3adf8833899d7f27beb16a9152cf765ee4390cce"));
  }

  private static boolean passesCm(CryptoBackend backend) {
    var keys =
        SessionKeys.forRtp(
            SrtpProfile.AES_CM_128_HMAC_SHA1_80,
            hex("e1f97a0d3e018be0d64fa32c06de4139"),
            hex("0ec675ad498afeebb6960b3aabe6"));
    return Arrays.equals(keys.encryptionKey(), hex("c61e7a93744f39ee10734afe3ff7a087"))
        && Arrays.equals(keys.salt(), hex("30cbbc08863d8c85d49db34a9ae1"))
        && agrees(
            backend,
            SrtpProfile.AES_CM_128_HMAC_SHA1_80,
            keys,
            hex("800f1234decafbadcafebabeabababababababababababababababab"),
            hex("800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb"));
  }

  private static boolean agrees(
      CryptoBackend backend,
      SrtpProfile profile,
      SessionKeys keys,
      byte[] plain,
      byte[] protectedBytes) {
    try (var arena = Arena.ofConfined();
        var encrypting = backend.encrypting(profile, keys);
        var decrypting = backend.decrypting(profile, keys)) {
      var packet = arena.allocate(protectedBytes.length);
      MemorySegment.copy(plain, 0, packet, ValueLayout.JAVA_BYTE, 0, plain.length);
      return encrypts(encrypting, packet, plain.length, protectedBytes)
          && decrypts(decrypting, packet, plain)
          && refusesForgery(decrypting, packet, protectedBytes, plain.length);
    }
  }

  private static boolean encrypts(
      PacketCipher cipher, MemorySegment packet, int length, byte[] expected) {
    start(cipher, packet);
    cipher.encrypt(packet, RTP_HEADER_BYTES, length - RTP_HEADER_BYTES, packet, RTP_HEADER_BYTES);
    cipher.finish(packet, length);
    return Arrays.equals(packet.toArray(ValueLayout.JAVA_BYTE), expected);
  }

  private static boolean decrypts(PacketCipher cipher, MemorySegment packet, byte[] expected) {
    start(cipher, packet);
    return cipher.open(
            packet, RTP_HEADER_BYTES, expected.length - RTP_HEADER_BYTES, expected.length)
        && Arrays.equals(
            packet.asSlice(0, expected.length).toArray(ValueLayout.JAVA_BYTE), expected);
  }

  private static boolean refusesForgery(
      PacketCipher cipher, MemorySegment packet, byte[] protectedBytes, int length) {
    MemorySegment.copy(protectedBytes, 0, packet, ValueLayout.JAVA_BYTE, 0, protectedBytes.length);
    packet.set(ValueLayout.JAVA_BYTE, length - 1, (byte) ~protectedBytes[length - 1]);
    start(cipher, packet);
    return !cipher.open(packet, RTP_HEADER_BYTES, length - RTP_HEADER_BYTES, length);
  }

  /// The known packets carry their own SSRC and sequence number, in round 0.
  private static void start(PacketCipher cipher, MemorySegment packet) {
    var header = packet.asByteBuffer();
    int ssrc = header.getInt(8);
    long index = Short.toUnsignedLong(header.getShort(2));
    cipher.startRtp(packet, 0, RTP_HEADER_BYTES, ssrc, index);
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }
}
