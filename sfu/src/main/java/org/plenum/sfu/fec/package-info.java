/// Forward error correction towards viewers: FlexFEC as browsers take it, and when it is worth its
/// price. No I/O, no clock.
@NullMarked
package org.plenum.sfu.fec;

import org.jspecify.annotations.NullMarked;
