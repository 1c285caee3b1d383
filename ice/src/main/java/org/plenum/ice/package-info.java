/// What the media port and the ICE core share: time arithmetic, network paths, the kinds of
/// datagram.
@NullMarked
package org.plenum.ice;

import org.jspecify.annotations.NullMarked;
