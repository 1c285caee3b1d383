/// Makes one film of a recording's files, offline, by ffmpeg (`plenum compose`). What is to be seen
/// when, and ffmpeg's arguments, are pure; only [org.plenum.signaling.compose.Composer] runs it.
@NullMarked
package org.plenum.signaling.compose;

import org.jspecify.annotations.NullMarked;
