/// Who may do what: tokens (JWT, RFC 7519) with the grants that LiveKit's users know.
@NullMarked
package org.plenum.signaling.token;

import org.jspecify.annotations.NullMarked;
