/// ISO base media files (ISO/IEC 14496-12) as CMAF (23000-19) and HLS want them: an initialization
/// segment, and fragments. Pure.
@NullMarked
package org.plenum.broadcast.box;

import org.jspecify.annotations.NullMarked;
