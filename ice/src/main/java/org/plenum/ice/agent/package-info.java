/// ICE-lite (RFC 8445 §2.5) as a core without socket, thread or clock.
@NullMarked
package org.plenum.ice.agent;

import org.jspecify.annotations.NullMarked;
