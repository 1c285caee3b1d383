/// The language of the SFU: what those who embed it say and hear, and all packages within it share.
/// `org.plenum.sfu.embed.Sfu` starts one. Everything public here may be called from any thread.
@NullMarked
package org.plenum.sfu;

import org.jspecify.annotations.NullMarked;
