/// The messages of PROTOCOL.md as records: read and checked once, written once.
@NullMarked
package org.plenum.signaling.protocol;

import org.jspecify.annotations.NullMarked;
