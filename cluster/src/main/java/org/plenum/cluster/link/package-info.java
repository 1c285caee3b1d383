/// Frames between nodes: requests, and streams of text with a window. No I/O: bytes go to a
/// FrameSender.
@NullMarked
package org.plenum.cluster.link;

import org.jspecify.annotations.NullMarked;
