/// A room that spans nodes: what its parts tell each other over a connection between two nodes, and
/// the form that it has there. No socket, no thread, no clock.
@NullMarked
package org.plenum.sfu.node;

import org.jspecify.annotations.NullMarked;
