/// DTLS 1.2 with use_srtp (RFC 5764) on virtual threads; the only blocking code in the SFU.
@NullMarked
package org.plenum.sfu.dtls;

import org.jspecify.annotations.NullMarked;
