/// The table of a benchmark out of the results of its runs.
@NullMarked
package org.plenum.bench.report;

import org.jspecify.annotations.NullMarked;
