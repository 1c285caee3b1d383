/// From packets to pictures: puts packets into order, joins those of a picture, and brings it into
/// the form in which files carry it. Cores without I/O, on whatever time they are told; one thread.
@NullMarked
package org.plenum.broadcast.frame;

import org.jspecify.annotations.NullMarked;
