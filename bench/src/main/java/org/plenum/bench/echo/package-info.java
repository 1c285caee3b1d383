/// A plain UDP echo and its client: the delay that no server can be below.
@NullMarked
package org.plenum.bench.echo;

import org.jspecify.annotations.NullMarked;
