/// The way into the SFU for a program that embeds it: [Sfu] starts everything else. What it takes
/// and gives are the types of `org.plenum.sfu`. Any thread.
@NullMarked
package org.plenum.sfu.embed;

import org.jspecify.annotations.NullMarked;
