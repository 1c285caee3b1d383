/// JMH benchmarks of the hot cores; compiled in the Maven profile `jmh` only, run by `bench/jmh`.
@NullMarked
package org.plenum.bench.jmh;

import org.jspecify.annotations.NullMarked;
