package org.plenum.sfu.srtp;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jitsi.srtp.SrtcpCryptoContext;
import org.jitsi.srtp.SrtpContextFactory;
import org.jitsi.srtp.SrtpCryptoContext;
import org.jitsi.srtp.SrtpErrorStatus;
import org.jitsi.srtp.SrtpPolicy;
import org.jitsi.srtp.crypto.Aes;
import org.jitsi.utils.ByteArrayBuffer;
import org.jitsi.utils.logging2.LoggerImpl;

/// The other implementation that ours must agree with: jitsi-srtp, either as sender or as receiver.
final class JitsiOracle {
  static {
    Aes.setFactoryClassName("SunJCE"); // else its first use runs a benchmark of seconds
  }

  private final SrtpContextFactory contexts;
  private final Map<Integer, SrtpCryptoContext> rtp = new HashMap<>();
  private final Map<Integer, SrtcpCryptoContext> rtcp = new HashMap<>();

  JitsiOracle(boolean sends, SrtpProfile profile, byte[] key, byte[] salt) {
    contexts =
        new SrtpContextFactory(
            sends,
            key.clone(),
            salt.clone(),
            policy(profile),
            policy(profile),
            new LoggerImpl("oracle"));
  }

  byte[] protect(int ssrc, byte[] packet) throws GeneralSecurityException {
    var buffer = new Buffer(packet);
    requireOk(context(ssrc).transformPacket(buffer));
    return buffer.content();
  }

  byte[] unprotect(int ssrc, byte[] packet) throws GeneralSecurityException {
    var buffer = new Buffer(packet);
    requireOk(context(ssrc).reverseTransformPacket(buffer, false));
    return buffer.content();
  }

  byte[] protectRtcp(int ssrc, byte[] packet) throws GeneralSecurityException {
    var buffer = new Buffer(packet);
    requireOk(controlContext(ssrc).transformPacket(buffer));
    return buffer.content();
  }

  byte[] unprotectRtcp(int ssrc, byte[] packet) throws GeneralSecurityException {
    var buffer = new Buffer(packet);
    requireOk(controlContext(ssrc).reverseTransformPacket(buffer));
    return buffer.content();
  }

  private SrtpCryptoContext context(int ssrc) throws GeneralSecurityException {
    var known = rtp.get(ssrc);
    if (known == null) {
      known = contexts.deriveContext(ssrc, 0);
      rtp.put(ssrc, known);
    }
    return known;
  }

  private SrtcpCryptoContext controlContext(int ssrc) throws GeneralSecurityException {
    var known = rtcp.get(ssrc);
    if (known == null) {
      known = contexts.deriveControlContext(ssrc);
      rtcp.put(ssrc, known);
    }
    return known;
  }

  private static SrtpPolicy policy(SrtpProfile profile) {
    return switch (profile) {
      case AEAD_AES_128_GCM ->
          new SrtpPolicy(
              SrtpPolicy.AESGCM_ENCRYPTION, 16, SrtpPolicy.NULL_AUTHENTICATION, 0, 16, 12);
      case AES_CM_128_HMAC_SHA1_80 ->
          new SrtpPolicy(
              SrtpPolicy.AESCM_ENCRYPTION, 16, SrtpPolicy.HMACSHA1_AUTHENTICATION, 20, 10, 14);
    };
  }

  private static void requireOk(SrtpErrorStatus status) {
    if (status != SrtpErrorStatus.OK) {
      throw new AssertionError("jitsi-srtp says " + status);
    }
  }

  /// jitsi-srtp's view of a packet, with room behind it.
  private static final class Buffer implements ByteArrayBuffer {
    private byte[] bytes;
    private int offset;
    private int length;

    Buffer(byte[] packet) {
      bytes = Arrays.copyOf(packet, packet.length + 64);
      length = packet.length;
    }

    byte[] content() {
      return Arrays.copyOfRange(bytes, offset, offset + length);
    }

    @Override
    public byte[] getBuffer() {
      return bytes;
    }

    @Override
    public int getOffset() {
      return offset;
    }

    @Override
    public int getLength() {
      return length;
    }

    @Override
    public void setLength(int value) {
      length = value;
    }

    @Override
    public void setOffset(int value) {
      offset = value;
    }

    @Override
    public boolean isInvalid() {
      return false;
    }

    @Override
    public void readRegionToBuff(int from, int count, byte[] to) {
      System.arraycopy(bytes, offset + from, to, 0, count);
    }

    @Override
    public void grow(int count) {
      bytes = Arrays.copyOf(bytes, bytes.length + count);
    }

    @Override
    public void append(byte[] data, int count) {
      System.arraycopy(data, 0, bytes, offset + length, count);
      length += count;
    }

    @Override
    public void shrink(int count) {
      length -= count;
    }
  }
}
