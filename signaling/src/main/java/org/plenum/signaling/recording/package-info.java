/// Recordings that browsers make and upload: kept below `data.dir`, made seekable, listed, played
/// and deleted.
@NullMarked
package org.plenum.signaling.recording;

import org.jspecify.annotations.NullMarked;
