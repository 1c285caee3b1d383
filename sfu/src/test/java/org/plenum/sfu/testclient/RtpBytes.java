package org.plenum.sfu.testclient;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Map;

/// Writes RTP packets (RFC 3550 §5.1, RFC 8285) byte by byte; shares no code with what it tests.
public final class RtpBytes {
  private RtpBytes() {}

  /// A packet without padding or CSRCs; the extension block takes the one-byte form if all fit.
  public static byte[] packet(
      int payloadType,
      boolean marker,
      int sequenceNumber,
      int timestamp,
      int ssrc,
      Map<Integer, byte[]> extensions,
      byte[] payload) {
    byte[] block = block(extensions);
    return ByteBuffer.allocate(12 + block.length + payload.length)
        .put((byte) (block.length > 0 ? 0x90 : 0x80))
        .put((byte) (payloadType | (marker ? 0x80 : 0)))
        .putShort((short) sequenceNumber)
        .putInt(timestamp)
        .putInt(ssrc)
        .put(block)
        .put(payload)
        .array();
  }

  private static byte[] block(Map<Integer, byte[]> extensions) {
    if (extensions.isEmpty()) {
      return new byte[0];
    }
    boolean wide =
        extensions.entrySet().stream()
            .anyMatch(entry -> entry.getKey() > 14 || entry.getValue().length > 16);
    var elements = new ByteArrayOutputStream();
    extensions.forEach(
        (id, data) -> {
          if (wide) {
            elements.write(id);
            elements.write(data.length);
          } else {
            elements.write(id << 4 | data.length - 1);
          }
          elements.writeBytes(data);
        });
    while (elements.size() % 4 != 0) {
      elements.write(0);
    }
    return ByteBuffer.allocate(4 + elements.size())
        .putShort((short) (wide ? 0x1000 : 0xBEDE))
        .putShort((short) (elements.size() / 4))
        .put(elements.toByteArray())
        .array();
  }
}
