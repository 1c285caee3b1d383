/// Who is connected: sessions, their sockets and their rooms. Knows neither Jetty nor SDP.
@NullMarked
package org.plenum.signaling.session;

import org.jspecify.annotations.NullMarked;
