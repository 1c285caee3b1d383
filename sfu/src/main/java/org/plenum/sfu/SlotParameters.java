package org.plenum.sfu;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.rtp.HeaderExtensionMap;

/// A media section in which the client only receives: what becomes a slot.
///
/// @param codecs what was negotiated, preferred first, at least one
/// @param fecPayloadType payload type of repair packets (flexfec-03) that the client takes, or
///     [#NO_FEC]
/// @param extensions ids of the header extensions in this section; null: those of the transport
public record SlotParameters(
    Mid mid,
    MediaKind kind,
    List<Codec> codecs,
    int fecPayloadType,
    @Nullable HeaderExtensionMap extensions) {
  /// No repair packets were negotiated.
  public static final int NO_FEC = -1;

  public SlotParameters {
    codecs = List.copyOf(codecs);
    if (codecs.isEmpty()) {
      throw new IllegalArgumentException("slot " + mid + " needs at least one codec");
    }
  }

  /// A slot without repair packets.
  public SlotParameters(
      Mid mid, MediaKind kind, List<Codec> codecs, @Nullable HeaderExtensionMap extensions) {
    this(mid, kind, codecs, NO_FEC, extensions);
  }

  /// A slot whose section has the transport's ids.
  public SlotParameters(Mid mid, MediaKind kind, List<Codec> codecs) {
    this(mid, kind, codecs, null);
  }
}
