/// The Session Description Protocol (RFC 8866) and the attributes that WebRTC adds to it: text in,
/// immutable model out, and back. Knows the grammar, not the meaning; that is `jsep`'s.
@NullMarked
package org.plenum.signaling.sdp;

import org.jspecify.annotations.NullMarked;
