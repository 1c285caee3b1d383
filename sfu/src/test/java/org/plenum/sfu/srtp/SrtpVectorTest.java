package org.plenum.sfu.srtp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.sfu.srtp.SrtpPeer.hex;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Known answers: RFC 3711 appendix B.2, RFC 7714 §16 and §17 with session keys, and the reference
/// packets of libsrtp's test driver with master keys.
class SrtpVectorTest {
  private static final SessionKeys GCM_KEYS =
      new SessionKeys(hex("000102030405060708090a0b0c0d0e0f"), hex(""), "Quid pro quo".getBytes());
  private static final String RTP_HEADER = "8040f17b8041f8d35501a0b2";
  private static final String RTP_TEXT =
      "47616c6c696120657374206f6d6e69732064697669736120696e207061727465732074726573";
  private static final int RTP_SSRC = 0x5501_A0B2;
  private static final long RTP_INDEX = 0xF17B;
  private static final String RTCP_HEADER = "81c8000d4d617273";
  private static final String RTCP_TEXT =
      "4e5450314e545032525450200000042a0000e9304c756e61deadbeefdeadbeefdeadbeefdeadbeefdeadbeef";
  private static final String LIBSRTP_RTP = "800f1234decafbadcafebabe" + "ab".repeat(16);
  private static final String LIBSRTP_RTCP = "81c8000bcafebabe" + "ab".repeat(16);

  static java.util.stream.Stream<CryptoBackend> backends() {
    return SrtpPeer.backends();
  }

  /// RFC 3711 appendix B.2; a payload of zeros becomes the key stream itself.
  @ParameterizedTest
  @MethodSource("backends")
  void makesTheKeyStreamOfRfc3711(CryptoBackend backend) {
    var keys =
        new SessionKeys(
            hex("2B7E151628AED2A6ABF7158809CF4F3C"),
            new byte[20],
            hex("F0F1F2F3F4F5F6F7F8F9FAFBFCFD"));
    int length = 0xFF02 * 16;
    try (var arena = Arena.ofConfined();
        var cipher = backend.encrypting(SrtpProfile.AES_CM_128_HMAC_SHA1_80, keys)) {
      var text = arena.allocate(length);
      var header = arena.allocate(12);
      cipher.startRtp(header, 0, 12, 0, 0);
      cipher.encrypt(text, 0, length, text, 0);
      assertArrayEquals(
          hex(
              "E03EAD0935C95E80E166B16DD92B4EB4D23513162B02D0F72A43A2FE4A5F97AB"
                  + "41E95B3BB0A2E8DD477901E4FCA894C0"),
          bytes(text, 0, 48));
      assertArrayEquals(
          hex(
              "EC8CDF7398607CB0F2D21675EA9EA1E4362B7C3C6773516318A077D7FC5073AE"
                  + "6A2CC3787889374FBEB4C81B17BA6C44"),
          bytes(text, 0xFEFF * 16, 48));
    }
  }

  /// RFC 7714 §16.1.1.
  @ParameterizedTest
  @MethodSource("backends")
  void encryptsRtpAsRfc7714(CryptoBackend backend) {
    assertArrayEquals(
        hex(
            RTP_HEADER
                + "f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833"
                + "899d7f27beb16a9152cf765ee4390cce"),
        sealRtp(backend, hex(RTP_HEADER), hex(RTP_TEXT)));
  }

  /// RFC 7714 §16.1.2.
  @ParameterizedTest
  @MethodSource("backends")
  void decryptsRtpOfRfc7714(CryptoBackend backend) {
    byte[] text =
        openRtp(
            backend,
            hex(RTP_HEADER),
            hex(
                "f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833"
                    + "899d7f27beb16a9152cf765ee4390cce"));
    assertArrayEquals(hex(RTP_TEXT), text);
  }

  /// RFC 7714 §16.1.3 and §16.1.4: authentication only, the whole packet is clear.
  @ParameterizedTest
  @MethodSource("backends")
  void authenticatesRtpAsRfc7714(CryptoBackend backend) {
    String tag = "22493f82d2bce397e9d79e3b19aa4216";
    byte[] clear = hex(RTP_HEADER + RTP_TEXT);
    assertArrayEquals(hex(RTP_HEADER + RTP_TEXT + tag), sealRtp(backend, clear, new byte[0]));
    assertEquals(0, openRtp(backend, clear, hex(tag)).length);
  }

  /// RFC 7714 §17.1.
  @ParameterizedTest
  @MethodSource("backends")
  void encryptsAndDecryptsRtcpAsRfc7714(CryptoBackend backend) {
    byte[] plain = hex(RTCP_HEADER + RTCP_TEXT);
    byte[] expected =
        hex(
            RTCP_HEADER
                + "63e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda"
                + "4ce09b4686303ded0bb9275bc84aa45896cf4d2fc5abf87245d9eade800005d4");
    try (var sender = rtcpSender(backend);
        var receiver = rtcpReceiver(backend);
        var arena = Arena.ofConfined()) {
      var packet = arena.allocate(expected.length);
      int length = 0;
      for (int i = 0; i < 0x5D4; i++) { // ours starts at index 1 and counts up
        packet.asSlice(0, plain.length).copyFrom(MemorySegment.ofArray(plain));
        length = sender.protectRtcp(packet, 0, plain.length);
      }
      assertEquals(expected.length, length);
      assertArrayEquals(expected, packet.toArray(ValueLayout.JAVA_BYTE));
      assertEquals(plain.length, receiver.unprotectRtcp(packet, 0, length));
      assertArrayEquals(plain, bytes(packet, 0, plain.length));
    }
  }

  /// RFC 7714 §17.3 and §17.4: E flag 0.
  @ParameterizedTest
  @MethodSource("backends")
  void takesRtcpThatIsOnlyAuthenticated(CryptoBackend backend) {
    byte[] tagged = hex(RTCP_HEADER + RTCP_TEXT + "841dd9683dd78ec92ae58790125f62b3" + "000005d4");
    int plainLength = tagged.length - 20;
    try (var receiver = rtcpReceiver(backend);
        var arena = Arena.ofConfined()) {
      var packet = arena.allocate(tagged.length).copyFrom(MemorySegment.ofArray(tagged));
      assertEquals(plainLength, receiver.unprotectRtcp(packet, 0, tagged.length));
      assertArrayEquals(Arrays.copyOf(tagged, plainLength), bytes(packet, 0, plainLength));
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void agreesWithLibsrtpOnGcm(CryptoBackend backend) {
    var key = hex("000102030405060708090a0b0c0d0e0f");
    var salt = hex("a0a1a2a3a4a5a6a7a8a9aaab");
    var keys = new SrtpKeys(SrtpProfile.AEAD_AES_128_GCM, key, salt, key, salt);
    byte[] expected =
        hex(
            "800f1234decafbadcafebabec5002ede04cfdd2eb91159e0880aa06e"
                + "d2976826f796b201df3131a127e8a392");
    try (var peer = new SrtpPeer(backend, keys.profile(), keys)) {
      assertArrayEquals(expected, peer.protect(hex(LIBSRTP_RTP), 0x1234));
      assertEquals(28, peer.unprotect(expected));
      assertArrayEquals(hex(LIBSRTP_RTP), peer.plain(28));
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void agreesWithLibsrtpOnAesCm(CryptoBackend backend) {
    var key = hex("e1f97a0d3e018be0d64fa32c06de4139");
    var salt = hex("0ec675ad498afeebb6960b3aabe6");
    var keys = new SrtpKeys(SrtpProfile.AES_CM_128_HMAC_SHA1_80, key, salt, key, salt);
    byte[] rtp =
        hex("800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb");
    byte[] rtcp =
        hex("81c8000bcafebabe7128035be487b9bdbef89041f977a5a880000001993e08cd54d6c1230798");
    try (var peer = new SrtpPeer(backend, keys.profile(), keys)) {
      assertArrayEquals(rtp, peer.protect(hex(LIBSRTP_RTP), 0x1234));
      assertEquals(28, peer.unprotect(rtp));
      assertArrayEquals(hex(LIBSRTP_RTP), peer.plain(28));
      assertArrayEquals(rtcp, peer.protectRtcp(hex(LIBSRTP_RTCP)));
      assertEquals(24, peer.unprotectRtcp(rtcp));
      assertArrayEquals(hex(LIBSRTP_RTCP), peer.plain(24));
    }
  }

  private static byte[] sealRtp(CryptoBackend backend, byte[] header, byte[] text) {
    try (var arena = Arena.ofConfined();
        var cipher = backend.encrypting(SrtpProfile.AEAD_AES_128_GCM, GCM_KEYS)) {
      var packet = arena.allocate(header.length + text.length + 16L);
      MemorySegment.copy(header, 0, packet, ValueLayout.JAVA_BYTE, 0, header.length);
      MemorySegment.copy(text, 0, packet, ValueLayout.JAVA_BYTE, header.length, text.length);
      cipher.startRtp(packet, 0, header.length, RTP_SSRC, RTP_INDEX);
      cipher.encrypt(packet, header.length, text.length, packet, header.length);
      cipher.finish(packet, header.length + text.length);
      return packet.toArray(ValueLayout.JAVA_BYTE);
    }
  }

  private static byte[] openRtp(CryptoBackend backend, byte[] header, byte[] textAndTag) {
    int length = textAndTag.length - 16;
    try (var arena = Arena.ofConfined();
        var cipher = backend.decrypting(SrtpProfile.AEAD_AES_128_GCM, GCM_KEYS)) {
      var packet = arena.allocate(header.length + textAndTag.length);
      MemorySegment.copy(header, 0, packet, ValueLayout.JAVA_BYTE, 0, header.length);
      MemorySegment.copy(
          textAndTag, 0, packet, ValueLayout.JAVA_BYTE, header.length, textAndTag.length);
      cipher.startRtp(packet, 0, header.length, RTP_SSRC, RTP_INDEX);
      assertTrue(cipher.open(packet, header.length, length, header.length + length));
      return bytes(packet, header.length, length);
    }
  }

  private static CipherSender rtcpSender(CryptoBackend backend) {
    var profile = SrtpProfile.AEAD_AES_128_GCM;
    return new CipherSender(
        profile, backend.encrypting(profile, GCM_KEYS), backend.encrypting(profile, GCM_KEYS));
  }

  private static CipherReceiver rtcpReceiver(CryptoBackend backend) {
    var profile = SrtpProfile.AEAD_AES_128_GCM;
    return new CipherReceiver(
        profile, backend.decrypting(profile, GCM_KEYS), backend.decrypting(profile, GCM_KEYS));
  }

  private static byte[] bytes(MemorySegment segment, long offset, int length) {
    return segment.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
  }
}
