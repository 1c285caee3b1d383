/// What is done per sent stream: renumbering, descriptor rewriting, retransmission, sender reports,
/// pacing.
@NullMarked
package org.plenum.sfu.send;

import org.jspecify.annotations.NullMarked;
