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
  private static final HeaderExtension[] ALL = HeaderExtension.values();
  private static final ValueLayout.OfLong U64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private ForwardedExtensions() {}

  /// Bytes that [#copy] will write.
  static int length(RtpPacket packet, HeaderExtensionMap ids, PublisherClock clock) {
    int length = 0;
    for (HeaderExtension extension : ALL) {
      if (place(packet, ids, extension, clock) >= 0) {
        length += 2 + packet.extensionLength(ids.id(extension));
      }
    }
    return length;
  }

  /// Copies them. A capture time is the publisher's NTP time, which is never passed on: it is
  /// brought into our clock, and left out while that is not known.
  static void copy(
      RtpPacket packet, HeaderExtensionMap ids, PublisherClock clock, MemorySegment to, long at) {
    for (HeaderExtension extension : ALL) {
      int from = place(packet, ids, extension, clock);
      if (from >= 0) {
        int length = packet.extensionLength(ids.id(extension));
        to.set(ValueLayout.JAVA_BYTE, at, (byte) extension.ordinal());
        to.set(ValueLayout.JAVA_BYTE, at + 1, (byte) length);
        MemorySegment.copy(packet.slab(), packet.offset() + from, to, at + 2, length);
        if (extension == HeaderExtension.ABS_CAPTURE_TIME) {
          to.set(U64, at + 2, clock.toOurs(to.get(U64, at + 2)));
        }
        at += 2 + length;
      }
    }
  }

  /// Where the extension stands in the packet; -1 if it is not there or not forwarded.
  private static int place(
      RtpPacket packet, HeaderExtensionMap ids, HeaderExtension extension, PublisherClock clock) {
    int id = ids.id(extension);
    int at = id != 0 && extension.isForwarded() ? packet.extensionOffset(id) : -1;
    if (at >= 0 && extension == HeaderExtension.ABS_CAPTURE_TIME) {
      boolean usable = clock.isKnown() && packet.extensionLength(id) >= Long.BYTES;
      return usable ? at : -1;
    }
    return at;
  }
}
