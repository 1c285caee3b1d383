/// Shares a viewer's bandwidth out among its video slots: budget and seats in, a layer for each
/// slot out. No I/O, no clock, no state of its own.
@NullMarked
package org.plenum.sfu.allocation;

import org.jspecify.annotations.NullMarked;
