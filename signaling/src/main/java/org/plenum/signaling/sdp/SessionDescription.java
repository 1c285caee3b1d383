package org.plenum.signaling.sdp;

import java.util.List;

/// A whole session description, as far as WebRTC uses one (RFC 9429 §5): origin, attributes, media
/// sections. Times, bandwidths and contact lines are checked in parsing and not kept.
public record SessionDescription(
    Origin origin, String sessionName, Attributes attributes, List<MediaDescription> media) {
  public SessionDescription {
    media = List.copyOf(media);
  }
}
