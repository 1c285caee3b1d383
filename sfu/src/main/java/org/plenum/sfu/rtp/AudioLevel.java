package org.plenum.sfu.rtp;

import static org.plenum.sfu.rtp.NetworkOrder.u8;

/// The client-to-mixer audio level of a packet (RFC 6464 §3), under the extension id of its
/// transport.
public final class AudioLevel {
  /// As quiet as the extension can say.
  public static final int SILENCE = 127;

  private AudioLevel() {}

  /// The level in -dBov: 0 is the loudest, 127 silence; -1 if the packet does not carry it.
  public static int level(RtpPacket packet, int extensionId) {
    int value = value(packet, extensionId);
    return value < 0 ? -1 : value & 0x7F;
  }

  /// Whether the sender takes the packet for voice (the V bit); false if the packet does not carry
  /// it.
  public static boolean isVoice(RtpPacket packet, int extensionId) {
    return value(packet, extensionId) >= 0x80;
  }

  private static int value(RtpPacket packet, int extensionId) {
    int at = packet.extensionOffset(extensionId);
    return at < 0 || packet.extensionLength(extensionId) == 0
        ? -1
        : u8(packet.slab(), packet.offset() + at);
  }
}
