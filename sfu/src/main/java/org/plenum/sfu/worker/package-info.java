/// The worker: one thread, one port, one loop.
@NullMarked
package org.plenum.sfu.worker;

import org.jspecify.annotations.NullMarked;
