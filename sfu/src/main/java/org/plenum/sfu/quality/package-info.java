/// How good a track is at a viewer, second by second, and whose fault it is if it is not. No I/O,
/// no clock, pure functions of what [org.plenum.sfu.room] has gathered.
@NullMarked
package org.plenum.sfu.quality;

import org.jspecify.annotations.NullMarked;
