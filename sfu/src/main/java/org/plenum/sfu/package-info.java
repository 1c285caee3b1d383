/// The SFU as a library: start it, open rooms, let participants join. Everything public here may be
/// called from any thread.
@NullMarked
package org.plenum.sfu;

import org.jspecify.annotations.NullMarked;
