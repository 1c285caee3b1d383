/// Recordings and files of the chat as HTTP asks for them, without HTTP: requests in, replies out,
/// so that another node can be asked too.
@NullMarked
package org.plenum.signaling.store;

import org.jspecify.annotations.NullMarked;
