/// Redundant audio (RFC 2198): read, written, which lost packets it restores, and how much of it a
/// viewer needs. No I/O, no clock.
@NullMarked
package org.plenum.sfu.red;

import org.jspecify.annotations.NullMarked;
