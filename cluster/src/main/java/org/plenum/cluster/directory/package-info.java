/// Who owns a room: claims by compare-and-set with an epoch that fences former owners. No I/O, no
/// clock.
@NullMarked
package org.plenum.cluster.directory;

import org.jspecify.annotations.NullMarked;
