/// RTCP (RFC 3550, 4585, 5104, draft-holmer-rmcat-transport-wide-cc-extensions-01), read in place
/// and written in place.
@NullMarked
package org.plenum.sfu.rtcp;

import org.jspecify.annotations.NullMarked;
