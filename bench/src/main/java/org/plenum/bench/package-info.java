/// Measures the server: a load tool of many clients in one process, a plain echo to compare with,
/// and benchmarks of the hot cores.
@NullMarked
package org.plenum.bench;

import org.jspecify.annotations.NullMarked;
