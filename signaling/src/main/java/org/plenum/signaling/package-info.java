/// The server: an SFU with a page, a signaling protocol and metrics around it.
@NullMarked
package org.plenum.signaling;

import org.jspecify.annotations.NullMarked;
