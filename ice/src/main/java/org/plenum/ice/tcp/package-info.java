/// ICE-TCP (RFC 6544) as cores without socket, thread or clock: framing (RFC 4571), and who may
/// wait to authenticate.
@NullMarked
package org.plenum.ice.tcp;

import org.jspecify.annotations.NullMarked;
