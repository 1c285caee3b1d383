package org.plenum.sfu.testclient;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.plenum.sfu.rtp.RtpPacket;
import org.plenum.sfu.rtp.Vp8Descriptor;

/// One packet as the client received it, unprotected.
///
/// @param sequenceNumber unwrapped
/// @param extensions data by id
/// @param retransmitted came by RTX; then sequence number and payload are the original's, the
///     payload type is not
public record ReceivedPacket(
    int payloadType,
    boolean marker,
    long sequenceNumber,
    int timestamp,
    Map<Integer, byte[]> extensions,
    byte[] payload,
    boolean retransmitted,
    long arrivalNanos) {
  static ReceivedPacket of(RtpPacket packet, long sequenceNumber, int skip, long nowNanos) {
    Map<Integer, byte[]> extensions = new HashMap<>();
    for (int id = 1; id < 256; id++) {
      int at = packet.extensionOffset(id);
      if (at >= 0) {
        extensions.put(id, bytes(packet, at, packet.extensionLength(id)));
      }
    }
    byte[] payload = bytes(packet, packet.headerLength() + skip, packet.payloadLength() - skip);
    return new ReceivedPacket(
        packet.payloadType(),
        packet.marker(),
        sequenceNumber,
        packet.timestamp(),
        extensions,
        payload,
        skip > 0,
        nowNanos);
  }

  private static byte[] bytes(RtpPacket packet, int at, int length) {
    return packet.slab().asSlice(packet.offset() + at, length).toArray(ValueLayout.JAVA_BYTE);
  }

  /// Its VP8 payload descriptor.
  public Vp8Descriptor descriptor() {
    var descriptor = new Vp8Descriptor();
    MemorySegment native8 = MemorySegment.ofArray(payload);
    if (!descriptor.parse(native8, 0, payload.length)) {
      throw new AssertionError("no VP8 descriptor");
    }
    return descriptor;
  }

  /// What its source wrote into it: the source's SSRC and the frame's number.
  public Tag tag() {
    int at = payload[0] == 0x4F ? 1 : descriptor().length() + 1;
    ByteBuffer bytes = ByteBuffer.wrap(payload, at, payload.length - at);
    return new Tag(bytes.getInt(), bytes.getInt(), bytes.get(), bytes.get());
  }

  /// @param source the SSRC that its publisher used
  /// @param frame number, from 0
  /// @param index of the packet in the frame
  /// @param count packets of the frame
  public record Tag(int source, int frame, int index, int count) {}
}
