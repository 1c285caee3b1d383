/// What an operator sees: the SFU's counters as metrics, and whether the server is ready.
@NullMarked
package org.plenum.metrics;

import org.jspecify.annotations.NullMarked;
