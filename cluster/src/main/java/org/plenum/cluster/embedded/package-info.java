/// The engine: membership by JGroups over TLS, entries in a cache of Infinispan.
@NullMarked
package org.plenum.cluster.embedded;

import org.jspecify.annotations.NullMarked;
