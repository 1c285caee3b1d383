/// How much one client, and all clients together, may ask for. No clock of its own.
@NullMarked
package org.plenum.signaling.limit;

import org.jspecify.annotations.NullMarked;
