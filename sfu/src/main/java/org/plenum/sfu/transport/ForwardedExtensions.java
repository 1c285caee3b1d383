package org.plenum.sfu.transport;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.plenum.sfu.forward.PublisherClock;
import org.plenum.sfu.rtp.HeaderExtension;
import org.plenum.sfu.rtp.HeaderExtensionMap;
import org.plenum.sfu.rtp.RtpPacket;

/// Brings the header extensions that viewers get into the compact form of
/// [org.plenum.sfu.receive.PacketCache], free of the publisher's ids. No state; one thread.
final class ForwardedExtensions {
  private static final ValueLayout.OfLong U64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  /// The mandatory fields of a dependency descriptor (AV1 RTP §A.8.1): two flags and a template id
  /// in one byte, then the frame number.
  private static final int LEAST_DESCRIPTOR_BYTES = 3;

  private static final int FRAME_NUMBER_AT = 1;

  private ForwardedExtensions() {}

  /// Bytes that [#copy] will write.
  static int length(RtpPacket packet, HeaderExtensionMap ids, PublisherClock clock) {
    int length = 0;
    for (HeaderExtension extension : ids.forwarded()) {
      if (place(packet, ids, extension, clock) >= 0) {
        length += 2 + packet.extensionLength(ids.idIn(packet, extension));
      }
    }
    return length;
  }

  /// Copies them. A dependency descriptor's frame number is renumbered for each viewer. A capture
  /// time is the publisher's NTP time, which is never passed on: it is brought into our clock,
  /// and left out while that is not known.
  ///
  /// @return where the frame number stands, in bytes from `at`; -1 if there is none
  static int copy(
      RtpPacket packet, HeaderExtensionMap ids, PublisherClock clock, MemorySegment to, long at) {
    long start = at;
    int frameNumberOffset = -1;
    for (HeaderExtension extension : ids.forwarded()) {
      int from = place(packet, ids, extension, clock);
      if (from >= 0) {
        int length = packet.extensionLength(ids.idIn(packet, extension));
        to.set(ValueLayout.JAVA_BYTE, at, (byte) extension.ordinal());
        to.set(ValueLayout.JAVA_BYTE, at + 1, (byte) length);
        MemorySegment.copy(packet.slab(), packet.offset() + from, to, at + 2, length);
        if (extension == HeaderExtension.ABS_CAPTURE_TIME) {
          to.set(U64, at + 2, clock.toOurs(to.get(U64, at + 2)));
        }
        if (extension == HeaderExtension.DEPENDENCY_DESCRIPTOR) {
          frameNumberOffset = (int) (at + 2 - start) + FRAME_NUMBER_AT;
        }
        at += 2 + length;
      }
    }
    return frameNumberOffset;
  }

  /// Where the extension stands in the packet; -1 if it is not there or not forwarded.
  private static int place(
      RtpPacket packet, HeaderExtensionMap ids, HeaderExtension extension, PublisherClock clock) {
    int id = ids.idIn(packet, extension);
    int at = id == 0 ? -1 : packet.extensionOffset(id);
    if (at >= 0 && extension == HeaderExtension.ABS_CAPTURE_TIME) {
      boolean usable = clock.isKnown() && packet.extensionLength(id) >= Long.BYTES;
      return usable ? at : -1;
    }
    if (at >= 0 && extension == HeaderExtension.DEPENDENCY_DESCRIPTOR) {
      return packet.extensionLength(id) >= LEAST_DESCRIPTOR_BYTES ? at : -1;
    }
    return at;
  }
}
