/// How log lines look: one an event, text or JSON, without what must not be in a log.
@NullMarked
package org.plenum.signaling.log;

import org.jspecify.annotations.NullMarked;
