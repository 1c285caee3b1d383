/// Which addresses are offered to clients: interfaces, configured and discovered NAT mappings.
@NullMarked
package org.plenum.ice.candidate;

import org.jspecify.annotations.NullMarked;
