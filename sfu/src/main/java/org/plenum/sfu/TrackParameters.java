package org.plenum.sfu;

import java.util.List;

/// A media section in which the client sends: what becomes a published track.
///
/// @param codecs what was negotiated, preferred first, at least one
/// @param ssrcs SSRCs the offer announced (a=ssrc), primary first, RTX after it (a=ssrc-group:FID);
/// empty if it announced none: then the MID header extension tells
/// @param rids its encodings (a=simulcast), in the order of the offer; empty without simulcast
/// @param muted whether it starts muted
public record TrackParameters(
    Mid mid,
    TrackSource source,
    List<Codec> codecs,
    List<Integer> ssrcs,
    List<Rid> rids,
    boolean muted) {
  public TrackParameters {
    codecs = List.copyOf(codecs);
    ssrcs = List.copyOf(ssrcs);
    rids = List.copyOf(rids);
    if (codecs.isEmpty()) {
      throw new IllegalArgumentException("track " + mid + " needs at least one codec");
    }
  }

  public MediaKind kind() {
    return source.kind();
  }
}
