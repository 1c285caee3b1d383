package org.plenum.ice.agent;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.ice4j.attribute.Attribute;
import org.ice4j.message.Message;
import org.jspecify.annotations.Nullable;

/// Finds the agent a Binding request is meant for, before anything is decoded or authenticated.
public final class StunUsername {
  /// RFC 8839 §5.4.
  private static final int MAX_UFRAG_BYTES = 256;

  private StunUsername() {}

  /// The local ufrag: what stands before the colon in USERNAME (RFC 8445 §7.2.2). Takes time in
  /// proportion to `length` at most, and allocates nothing before it has found one.
  ///
  /// @return null if this is no Binding request with a USERNAME of that form; never throws on
  /// hostile bytes
  public static @Nullable String localUfrag(MemorySegment bytes, long offset, int length) {
    if (!StunFraming.hasHeader(bytes, offset, length)
        || StunFraming.type(bytes, offset) != Message.BINDING_REQUEST) {
      return null;
    }
    int position = StunFraming.find(bytes, offset, length, Attribute.USERNAME);
    if (position < 0) {
      return null;
    }
    long value = offset + position + StunFraming.ATTRIBUTE_HEADER_BYTES;
    int ufragLength = colon(bytes, value, StunFraming.valueLength(bytes, offset, position));
    if (ufragLength <= 0) {
      return null;
    }
    byte[] ufrag = new byte[ufragLength];
    MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, value, ufrag, 0, ufragLength);
    return new String(ufrag, StandardCharsets.ISO_8859_1);
  }

  /// How many bytes stand before the first colon; -1 if there is none within the longest ufrag.
  private static int colon(MemorySegment bytes, long value, int length) {
    int end = Math.min(length, MAX_UFRAG_BYTES + 1);
    for (int i = 0; i < end; i++) {
      if (bytes.get(ValueLayout.JAVA_BYTE, value + i) == ':') {
        return i;
      }
    }
    return -1;
  }
}
