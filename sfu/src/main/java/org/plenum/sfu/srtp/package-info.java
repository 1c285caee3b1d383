/// SRTP and SRTCP (RFC 3711, RFC 7714), in place where the cipher allows it.
@NullMarked
package org.plenum.sfu.srtp;

import org.jspecify.annotations.NullMarked;
