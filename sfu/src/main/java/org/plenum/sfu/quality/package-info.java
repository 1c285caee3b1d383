/// How good a track is at a viewer, second by second, and whose fault it is if it is not. No I/O,
/// no clock.
///
/// Nothing calls it yet: no message and no metric tells it.
@NullMarked
package org.plenum.sfu.quality;

import org.jspecify.annotations.NullMarked;
