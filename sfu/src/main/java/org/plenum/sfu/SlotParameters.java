package org.plenum.sfu;

import java.util.List;

/// A media section in which the client only receives: what becomes a slot.
///
/// @param codecs what was negotiated, preferred first, at least one
public record SlotParameters(Mid mid, MediaKind kind, List<Codec> codecs) {
  public SlotParameters {
    codecs = List.copyOf(codecs);
    if (codecs.isEmpty()) {
      throw new IllegalArgumentException("slot " + mid + " needs at least one codec");
    }
  }
}
