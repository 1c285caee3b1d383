/// A bucket of an S3-compatible storage: what the server asks of one, and the library that asks it.
@NullMarked
package org.plenum.signaling.bucket;

import org.jspecify.annotations.NullMarked;
