/// What one viewer's downlink can carry: congestion control in the manner of GCC
/// (draft-ietf-rmcat-gcc-02, and what browsers made of it since) without I/O, on the caller's
/// clock. Numbers go in, numbers come out; no packet, socket or thread is known here.
@NullMarked
package org.plenum.sfu.bandwidth;

import org.jspecify.annotations.NullMarked;
