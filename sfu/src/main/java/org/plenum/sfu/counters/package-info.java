/// Counters that a worker writes and anyone may read.
@NullMarked
package org.plenum.sfu.counters;

import org.jspecify.annotations.NullMarked;
