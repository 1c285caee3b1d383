/// What one viewer is sent, and when: what waits to be sent, the budget that it shares, and what
/// was sent so far. Cores without sockets, threads or clocks.
@NullMarked
package org.plenum.sfu.send;

import org.jspecify.annotations.NullMarked;
