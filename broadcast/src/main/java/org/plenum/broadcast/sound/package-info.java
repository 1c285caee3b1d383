/// The sound of a broadcast: what several people say is decoded, mixed and encoded once. Cores
/// without I/O but for libopus, which is called where it is installed; one thread.
@NullMarked
package org.plenum.broadcast.sound;

import org.jspecify.annotations.NullMarked;
