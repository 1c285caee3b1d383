/// The user's stories, told by real browsers against the whole server in this JVM.
@NullMarked
package org.plenum.signaling.browser;

import org.jspecify.annotations.NullMarked;
