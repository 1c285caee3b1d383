/// Broadcasts that are on: a thread each, which reads a room's tap and publishes files that any
/// thread may serve. The only package here that knows threads and the clock.
@NullMarked
package org.plenum.broadcast.live;

import org.jspecify.annotations.NullMarked;
