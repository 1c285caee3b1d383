package org.plenum.bench.jmh;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.plenum.sfu.rtp.RtpHeaderWriter;
import org.plenum.sfu.srtp.SrtpKeys;
import org.plenum.sfu.srtp.SrtpProfile;
import org.plenum.sfu.srtp.SrtpSender;

/// RTP packets as a publisher sends them: 1200 bytes, VP8, four to a frame.
final class Packets {
  static final int VP8 = 96;
  static final int RTX = 97;
  static final int TRANSPORT_CC = 3;
  static final int ABS_SEND_TIME = 2;
  static final int MID = 4;
  static final int SSRC = 0x0BADCAFE;
  static final int PAYLOAD_BYTES = 1176;
  private static final int PACKETS_PER_FRAME = 4;

  private Packets() {}

  /// Writes a header with its transport-wide number and returns its bytes.
  static int header(RtpHeaderWriter header, MemorySegment slab, long number) {
    boolean last = number % PACKETS_PER_FRAME == PACKETS_PER_FRAME - 1;
    int timestamp = (int) (number / PACKETS_PER_FRAME) * 3600;
    header.begin(slab, 0, VP8, last, (int) number & 0xFFFF, timestamp, SSRC, false);
    header.extension(TRANSPORT_CC, (int) number & 0xFFFF, 2);
    return header.end();
  }

  /// Writes a VP8 descriptor (RFC 7741 §4.2) with a picture id; the first frame is a key frame.
  static void descriptor(MemorySegment payload, long number) {
    long frame = number / PACKETS_PER_FRAME;
    boolean start = number % PACKETS_PER_FRAME == 0;
    payload.set(ValueLayout.JAVA_BYTE, 0, (byte) (start ? 0x90 : 0x80));
    payload.set(ValueLayout.JAVA_BYTE, 1, (byte) 0x80);
    payload.set(ValueLayout.JAVA_BYTE, 2, (byte) (0x80 | frame >>> 8));
    payload.set(ValueLayout.JAVA_BYTE, 3, (byte) frame);
    payload.set(ValueLayout.JAVA_BYTE, 4, (byte) (frame == 0 ? 0x10 : 0x11));
  }

  /// Writes and protects a packet at the slab's start and returns its bytes.
  static int protect(
      SrtpSender.Stream stream,
      RtpHeaderWriter header,
      MemorySegment slab,
      MemorySegment payload,
      long number) {
    int headerLength = header(header, slab, number);
    return stream.protect(slab, 0, headerLength, 0, payload, 0, PAYLOAD_BYTES, number);
  }

  /// The same key in both directions, so that either end can stand for both.
  static SrtpKeys keys(SrtpProfile profile) {
    byte[] key = new byte[profile.keyBytes()];
    byte[] salt = new byte[profile.saltBytes()];
    return new SrtpKeys(profile, key, salt, key, salt);
  }
}
