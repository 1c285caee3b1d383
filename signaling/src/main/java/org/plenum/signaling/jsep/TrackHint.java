package org.plenum.signaling.jsep;

import org.plenum.sfu.Mid;
import org.plenum.sfu.TrackSource;

/// What a client says of a section in which it sends, beside the SDP.
public record TrackHint(Mid mid, TrackSource source, boolean muted) {}
