/// Whether the heap has room for one participant more.
@NullMarked
package org.plenum.signaling.memory;

import org.jspecify.annotations.NullMarked;
