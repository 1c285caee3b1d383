/// How good a track is at a viewer, second by second, and whose fault it is if it is not. No I/O,
/// no clock.
@NullMarked
package org.plenum.sfu.quality;

import org.jspecify.annotations.NullMarked;
