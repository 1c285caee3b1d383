/// What several nodes do for a call, measured in real browsers: `bench/cluster`.
@NullMarked
package org.plenum.bench.cluster;

import org.jspecify.annotations.NullMarked;
