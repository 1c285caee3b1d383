/// How a load client comes to a transport: offers, answers, and the protocols that carry them.
@NullMarked
package org.plenum.bench.signaling;

import org.jspecify.annotations.NullMarked;
