/// `plenum-load`: the command, its event loops, the course of a run and its result.
@NullMarked
package org.plenum.bench.load;

import org.jspecify.annotations.NullMarked;
