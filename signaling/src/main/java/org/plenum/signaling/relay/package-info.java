/// Whether clients would get a relay: asks the TURN server for one, as a client does.
@NullMarked
package org.plenum.signaling.relay;

import org.jspecify.annotations.NullMarked;
