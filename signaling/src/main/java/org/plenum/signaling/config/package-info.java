/// The settings: HOCON and environment in, one validated record out.
@NullMarked
package org.plenum.signaling.config;

import org.jspecify.annotations.NullMarked;
