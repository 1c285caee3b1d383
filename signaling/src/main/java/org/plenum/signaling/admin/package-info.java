/// The admin API below `/api/v1`, without HTTP's sockets: requests in, replies out. What it
/// promises is in `openapi.json`.
@NullMarked
package org.plenum.signaling.admin;

import org.jspecify.annotations.NullMarked;
