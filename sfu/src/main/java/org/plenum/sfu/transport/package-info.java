/// One participant's transport: ICE, DTLS, SRTP, RTP and RTCP put together on the worker's thread.
@NullMarked
package org.plenum.sfu.transport;

import org.jspecify.annotations.NullMarked;
