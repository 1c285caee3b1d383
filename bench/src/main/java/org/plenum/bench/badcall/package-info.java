/// Calls over bad networks: real browsers on both ends, the link emulator in between.
@NullMarked
package org.plenum.bench.badcall;

import org.jspecify.annotations.NullMarked;
