/// RTP packets (RFC 3550), their header extensions (RFC 8285) and codec payload descriptors, read
/// in place.
@NullMarked
package org.plenum.sfu.rtp;

import org.jspecify.annotations.NullMarked;
