/// This server as a node of a cluster: where rooms are opened, and what comes in for a room of
/// another node.
@NullMarked
package org.plenum.signaling.nodes;

import org.jspecify.annotations.NullMarked;
