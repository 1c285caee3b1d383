/// What the server sees of its cluster: the directory of rooms, the other nodes, and connections to
/// them. Nothing here loads a class of the engine below `embedded`.
@NullMarked
package org.plenum.cluster;

import org.jspecify.annotations.NullMarked;
