/// HTTP Live Streaming (RFC 8216 and its successor draft): the window of segments of each rendition
/// and the playlists that describe it. Cores without I/O.
@NullMarked
package org.plenum.broadcast.hls;

import org.jspecify.annotations.NullMarked;
