/// Recordings of rooms: each track as it was received, in files of its own, and what is needed to
/// play them together. Cores on virtual time.
@NullMarked
package org.plenum.broadcast.recording;

import org.jspecify.annotations.NullMarked;
