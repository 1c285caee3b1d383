/// Jetty: the page, the WebSocket, and the management port.
@NullMarked
package org.plenum.signaling.http;

import org.jspecify.annotations.NullMarked;
