/// A room that spans workers: which packets and which news cross between two of its parts.
@NullMarked
package org.plenum.sfu.relay;

import org.jspecify.annotations.NullMarked;
