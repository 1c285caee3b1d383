/// A small client of the SFU for tests: ICE, DTLS, SRTP and media over a socket on loopback, on the
/// test's own thread. It shows what a browser would see of the SFU.
@NullMarked
package org.plenum.sfu.testclient;

import org.jspecify.annotations.NullMarked;
