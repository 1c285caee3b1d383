/// What a worker leaves undone when it has too much to do.
@NullMarked
package org.plenum.sfu.load;

import org.jspecify.annotations.NullMarked;
