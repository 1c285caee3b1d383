/// Redundant audio (RFC 2198): read, written, stripped, and how much of it a viewer needs. No I/O,
/// no clock.
///
/// Nothing calls it yet: viewers are sent audio as publishers sent it.
@NullMarked
package org.plenum.sfu.red;

import org.jspecify.annotations.NullMarked;
