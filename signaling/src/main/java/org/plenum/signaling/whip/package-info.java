/// WHIP (RFC 9725) and WHEP (draft-ietf-wish-whep): participants that come by HTTP. Knows neither
/// Jetty nor SDP.
@NullMarked
package org.plenum.signaling.whip;

import org.jspecify.annotations.NullMarked;
