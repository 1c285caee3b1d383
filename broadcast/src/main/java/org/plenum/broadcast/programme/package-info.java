/// What is broadcast of a room: which picture, cut where, and how one goes over into the next.
/// Cores without I/O, on whatever time they are told; one thread.
@NullMarked
package org.plenum.broadcast.programme;

import org.jspecify.annotations.NullMarked;
