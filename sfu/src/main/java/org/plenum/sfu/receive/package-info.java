/// What is done per received stream: order, loss, jitter, NACK, transport-cc, the packet cache.
@NullMarked
package org.plenum.sfu.receive;

import org.jspecify.annotations.NullMarked;
