package org.plenum.sfu.testclient;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.rtp.RtpHeader;
import org.plenum.sfu.srtp.SrtpFactory;
import org.plenum.sfu.srtp.SrtpKeys;
import org.plenum.sfu.srtp.SrtpReceiver;
import org.plenum.sfu.srtp.SrtpSender;

/// The client's end of SRTP, on byte arrays.
final class SrtpEnd implements AutoCloseable {
  private static final SrtpFactory FACTORY = SrtpFactory.selfTested();

  private final SrtpSender sender;
  private final SrtpReceiver receiver;
  private final Map<Integer, SrtpSender.Stream> streams = new HashMap<>();
  private final MemorySegment plain = Arena.ofAuto().allocate(4096);
  private final MemorySegment wire = Arena.ofAuto().allocate(4096);

  /// @param keys as the server sees them
  SrtpEnd(SrtpKeys keys) {
    var ours =
        new SrtpKeys(
            keys.profile(), keys.sendKey(), keys.sendSalt(), keys.receiveKey(), keys.receiveSalt());
    sender = FACTORY.sender(ours);
    receiver = FACTORY.receiver(ours);
  }

  /// @param index the sequence number, unwrapped from roll-over 0 on
  byte[] protect(byte[] packet, int headerLength, long index) {
    int ssrc = ByteBuffer.wrap(packet).getInt(8);
    MemorySegment.copy(packet, 0, plain, ValueLayout.JAVA_BYTE, 0, packet.length);
    MemorySegment.copy(plain, 0, wire, 0, headerLength);
    int length =
        streams
            .computeIfAbsent(ssrc, sender::stream)
            .protect(
                wire, 0, headerLength, 0, plain, headerLength, packet.length - headerLength, index);
    if (length < 0) {
      throw new IllegalArgumentException("index " + index + " was used");
    }
    return bytes(length);
  }

  byte[] protect(byte[] packet, long index) {
    MemorySegment.copy(packet, 0, plain, ValueLayout.JAVA_BYTE, 0, packet.length);
    return protect(packet, RtpHeader.length(plain, 0, packet.length), index);
  }

  byte[] protectRtcp(byte[] compound) {
    MemorySegment.copy(compound, 0, wire, ValueLayout.JAVA_BYTE, 0, compound.length);
    return bytes(sender.protectRtcp(wire, 0, compound.length));
  }

  byte @Nullable [] unprotect(byte[] datagram) {
    MemorySegment.copy(datagram, 0, wire, ValueLayout.JAVA_BYTE, 0, datagram.length);
    int header = RtpHeader.length(wire, 0, datagram.length);
    int length = receiver.unprotect(wire, 0, datagram.length, header);
    return length < 0 ? null : bytes(length);
  }

  byte @Nullable [] unprotectRtcp(byte[] datagram) {
    MemorySegment.copy(datagram, 0, wire, ValueLayout.JAVA_BYTE, 0, datagram.length);
    int length = receiver.unprotectRtcp(wire, 0, datagram.length);
    return length < 0 ? null : bytes(length);
  }

  private byte[] bytes(int length) {
    return wire.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
  }

  @Override
  public void close() {
    sender.close();
    receiver.close();
  }
}
