/// What the direct call of two is like.
@NullMarked
package org.plenum.bench.direct;

import org.jspecify.annotations.NullMarked;
