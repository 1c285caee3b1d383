/// A TURN server (RFC 8656) that relays to this server's own media ports, and between two who talk
/// directly, to nothing else. For the former it needs no port of its own: what a client sends by
/// its relay becomes a datagram over a path of its own ([org.plenum.ice.NetworkPath#connection]
/// below 0) inside the process. A core without socket, thread or clock.
@NullMarked
package org.plenum.ice.turn;

import org.jspecify.annotations.NullMarked;
