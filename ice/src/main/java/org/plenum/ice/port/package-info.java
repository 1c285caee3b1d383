/// The media port: one UDP port of one worker, datagrams in batches (no per-datagram system call,
/// no allocation).
@NullMarked
package org.plenum.ice.port;

import org.jspecify.annotations.NullMarked;
