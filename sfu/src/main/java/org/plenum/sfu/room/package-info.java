/// Rooms: participants, tracks, slots and seats, on one worker's thread.
@NullMarked
package org.plenum.sfu.room;

import org.jspecify.annotations.NullMarked;
