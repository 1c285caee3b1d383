/// What Linux says about a process.
@NullMarked
package org.plenum.bench.proc;

import org.jspecify.annotations.NullMarked;
