/// WebM files (RFC 8794, RFC 9559) of one track that grow as their pictures come. Pure.
@NullMarked
package org.plenum.broadcast.webm;

import org.jspecify.annotations.NullMarked;
