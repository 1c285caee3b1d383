/// The directory `data.dir`: its layout and how files in it are written so that they last.
@NullMarked
package org.plenum.signaling.data;

import org.jspecify.annotations.NullMarked;
