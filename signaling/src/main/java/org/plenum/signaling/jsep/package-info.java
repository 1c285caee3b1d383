/// JSEP as an answerer that only answers (RFC 9429): a browser's offer becomes a
/// [org.plenum.sfu.TransportOffer], and the SFU's reply to that becomes the answer. Pure: no
/// I/O, no clock, no thread.
@NullMarked
package org.plenum.signaling.jsep;

import org.jspecify.annotations.NullMarked;
