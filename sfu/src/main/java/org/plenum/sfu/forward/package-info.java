/// From a published track to the slots bound to it: layers, key-frame gates, splices, pacing.
@NullMarked
package org.plenum.sfu.forward;

import org.jspecify.annotations.NullMarked;
