/// Who speaks, and whose sound is worth sending, by the levels that publishers report (RFC 6464).
/// No I/O, no clock.
@NullMarked
package org.plenum.sfu.speaker;

import org.jspecify.annotations.NullMarked;
