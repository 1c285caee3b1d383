/// One participant of a load run, sans-I/O: ICE, SRTP, media and feedback as a browser's, over the
/// cores of `sfu`; only the DTLS handshake has a (virtual) thread.
@NullMarked
package org.plenum.bench.client;

import org.jspecify.annotations.NullMarked;
