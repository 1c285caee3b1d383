/// Whether the wall clock can be believed.
@org.jspecify.annotations.NullMarked
package org.plenum.signaling.clock;
