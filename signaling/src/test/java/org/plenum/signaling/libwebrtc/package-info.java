/// libwebrtc itself as a client, without a browser around it.
@NullMarked
package org.plenum.signaling.libwebrtc;

import org.jspecify.annotations.NullMarked;
